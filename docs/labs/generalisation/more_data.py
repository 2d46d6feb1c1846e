# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.1 上机：量一条学习曲线 { #more-data-lab }
#
# 用嵌套的训练集训练一个小分类器，画出误差随数据量变化的曲线，再拿前几个点去预测最后一个点。先读[正文](../../generalisation/more_data.md)。

# %% [markdown] lang="en"
# # 5.16.1 Lab: measure a learning curve { #more-data-lab }
#
# Train a small classifier on nested training sets, draw its error against the amount of data, and predict the last point from the others. Read [the section](../../generalisation/more_data.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.more_data import fit_power_law, nested_order

data = load("fashion-mnist-mini")
train_x, train_y = data.train_images.float() / 255, data.train_labels
test_x, test_y = data.test_images.float() / 255, data.test_labels
order = nested_order(train_y, torch.Generator().manual_seed(0))
print(train_y[order[:10]].tolist())

# %% [markdown] lang="zh"
# ## 训练 { #train }
#
# 每个训练集都用同样的初值、走同样的步数，差别只在有多少张不同的图像：50、100、200、500、1000、5000。从 50 张到 5000 张，错误率会降到几分之一？一个种子的曲线会有些起伏，正文用了十个。

# %% [markdown] lang="en"
# ## Train { #train }
#
# Every training set gets the same steps from the same initial weights; only the number of different images differs, 50, 100, 200, 500, 1,000 or 5,000. By what factor will the error fall from 50 images to 5,000? The curve of one seed is somewhat rough; the section uses ten.


# %% tags=["predict"]
def test_error(rows, steps=300):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    for _ in range(steps):
        batch = rows[torch.randint(len(rows), (32,))]
        optimizer.zero_grad()
        F.cross_entropy(network(train_x[batch]), train_y[batch]).backward()
        optimizer.step()
    return (network(test_x).argmax(1) != test_y).float().mean().item()


sizes = [50, 100, 200, 500, 1000, 5000]
errors = [test_error(order[:n]) for n in sizes]
for n, error in zip(sizes, errors):
    print(f"{n:5} images: error {error:.3f}")

# %% [markdown] lang="zh"
# ## 预测最后一个点 { #foretell }
#
# 只用 1000 张以内的点拟合幂律，看看它对 5000 张的预测准不准。

# %% [markdown] lang="en"
# ## Predict the last point { #foretell }
#
# Fit the power law to the points up to 1,000 images, and see how well it predicts 5,000.

# %%
# alt zh: 双对数图：错误率随训练图像的张数下降，前五个点大致沿着拟合出的虚线，最后一个高出虚线
# alt en: Test error over training images, both axes logarithmic: six falling points, five along the dashed fitted line and the last above it
law = fit_power_law(sizes[:-1], errors[:-1])
print(f"exponent {law.exponent:.2f} ± {law.standard_error:.2f}")
print(f"5000 images: predicted {law.error(5000):.3f}, measured {errors[-1]:.3f}")

figure, axis = plt.subplots(figsize=(4.6, 3.4))
axis.loglog(sizes, errors, "o", label="measured")
axis.loglog(sizes, [law.error(n) for n in sizes], "--", color="gray", linewidth=1, label="fitted up to 1000")
axis.set(xlabel="training images", ylabel="test error")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# 步数固定，5000 张图像时每张平均只看了两遍，还没训练够，测得的错误率可能高于预测。

# %% [markdown] lang="en"
# The steps are fixed: of 5,000 images each is seen about twice, which is not enough, so the error may lie above the prediction.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：5000 张图像多走几倍的步数，测得的错误率会更接近预测吗？
# 2. 数据加到四倍，错误率变成原来的 0.7 倍，指数是多少？
# 3. **写代码**：把 `order` 换成 `torch.arange(5000)`，看前 50 张有哪几类、各几张；再用 900 步验证练习 1。
#
# ??? note "答案"
#     1. 会低一些：300 步、每步 32 张，平均每张只看了不到两遍。
#     2. $4^{-b}=0.7$，$b=\ln(1/0.7)/\ln 4\approx 0.26$。
#     3. 代码在下面。这份数据的次序是打乱的，所以前 50 张各类都有，只是不均匀。要是按类别排好了序，前 50 张就只有一类，错误率接近 0.9。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: give 5,000 images several times the steps. Does the error come closer to the prediction?
# 2. Four times the data bring the error to 0.7 of what it was. What is the exponent?
# 3. **Write code**: replace `order` by `torch.arange(5000)`, and count the classes among the first 50; then check exercise 1 with 900 steps.
#
# ??? note "Answers"
#     1. It becomes somewhat lower: in 300 steps of 32, each image was seen less than twice.
#     2. $4^{-b}=0.7$, so $b=\ln(1/0.7)/\ln 4\approx 0.26$.
#     3. The code is below. These data are shuffled, so the first 50 have all classes, if unevenly. Sorted by class, the first 50 would be of one class, and the error near 0.9.

# %% tags=["fold"]
print("classes among the first 50:", train_y[:50].bincount(minlength=10).tolist(), "nested:", end=" ")
print(train_y[order[:50]].bincount(minlength=10).tolist())
print(f"5000 images, 900 steps: error {test_error(order, steps=900):.3f}")
