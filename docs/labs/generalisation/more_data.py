# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.1 实验：量一条学习曲线 { #more-data-lab }
#
# 用逐层嵌套的训练集训练一个小分类器，画出误差随数据量变化的曲线，拿前几个点去预言最后一个点。先读[正文](../../generalisation/more_data.md)。

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
# 每个训练集都走同样的步数、同样的初值，差别只在有多少张不同的图。一个种子的曲线会有些起伏，正文用了十个。

# %% [markdown] lang="en"
# ## Train { #train }
#
# Every training set takes the same steps from the same initial weights; only the number of different pictures differs. The curve of one seed is somewhat rough; the section has ten.


# %%
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
# ## 预言最后一个点 { #foretell }
#
# 只用 1000 张以内的点拟合幂律，看看它对 5000 张的预言准不准。

# %% [markdown] lang="en"
# ## Predict the last point { #foretell }
#
# Fit the power law to the points up to 1,000 pictures and see how well it predicts 5,000.

# %%
law = fit_power_law(sizes[:-1], errors[:-1])
print(f"exponent {law.exponent:.2f} ± {law.standard_error:.2f}")
print(f"5,000 images: foretold {law.error(5000):.3f}, measured {errors[-1]:.3f}")

figure, axis = plt.subplots(figsize=(4.6, 3.4))
axis.loglog(sizes, errors, "o", label="measured")
axis.loglog(sizes, [law.error(n) for n in sizes], "k--", linewidth=1, label="fitted up to 1,000")
axis.set(xlabel="training images", ylabel="test error")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# 步数固定，5000 张图时每张只看了两遍，还没训练够，测得的误差可能高于预言。给它更多的步数再试试。

# %% [markdown] lang="en"
# The steps are fixed: with 5,000 pictures each is seen about twice, which is not enough, so that the error may lie above what was predicted. Try again with more steps.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 数据加到四倍，误差变成原来的 0.7 倍，指数是多少？
# 2. 把 `order` 换成 `torch.arange(5000)`，前 50 张是哪几类？误差会怎样？
#
# ??? note "答案"
#     1. 4⁻ᵇ = 0.7，b = ln(1/0.7)/ln 4 ≈ 0.26。
#     2. 取决于数据的排列：如果按类别排好了序，前 50 张只有一类，误差接近 0.9。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Four times the data bring the error to 0.7 of what it was. What is the exponent?
# 2. Replace `order` by `torch.arange(5000)`: which classes are among the first 50, and what becomes of the error?
#
# ??? note "Answers"
#     1. 4⁻ᵇ = 0.7, so b = ln(1/0.7)/ln 4 ≈ 0.26.
#     2. That depends on how the data lies: sorted by class, the first 50 are of one class, and the error is about 0.9.
