# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.1 上机：量出曲率，算出上限 { #learning-rate-lab }
#
# 在真实的图像上量出损失的曲率，看 2/λ 是不是分界；再扫描一个网络的学习率，比一比几种调度。先读[正文](../../parameters/learning_rate.md)。

# %% [markdown] lang="en"
# # 5.15.1 Lab: measure the curvature, work out the bound { #learning-rate-lab }
#
# Measure the curvature of a loss on real images, and see whether 2/λ is the border; then sweep the learning rate of a network, and compare schedules. Read [the section](../../parameters/learning_rate.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.parameters.learning_rate import constant, cosine, descend, one_cycle, sharpness

data = load("fashion-mnist-mini")
x, y = data.train_images[:256].float() / 255, data.train_labels[:256]
test_x, test_y = data.test_images.float() / 255, data.test_labels
small = F.avg_pool2d(x, 4).flatten(1)  # 7×7 pixels
print("images:", tuple(small.shape))

# %% [markdown] lang="zh"
# ## 一个二次损失 { #quadratic }
#
# 线性模型加平方误差，损失正好是二次的，曲率处处相同。量出最大的曲率 λ，上限就是 2/λ。学习率取上限的 0.4、0.95、1.05 倍各走五十步，三条损失曲线各是什么样子？

# %% [markdown] lang="en"
# ## A quadratic loss { #quadratic }
#
# A linear model with squared error has a loss that is exactly quadratic, with the same curvature everywhere. Measure the largest curvature λ; the bound is 2/λ. Take fifty steps at 0.4, 0.95 and 1.05 times the bound. What do the three loss curves look like?

# %% tags=["predict"]
# alt zh: 三条损失曲线，纵轴是对数：上限的 0.4 倍和 0.95 倍都在下降，1.05 倍几步之后一路上升，五十步升到一千以上
# alt en: Three loss curves on a logarithmic axis: 0.4 and 0.95 times the bound go down; 1.05 times rises after a few steps, to more than a thousand
t = (y % 2).float()  # even or odd class


def loss(w):
    return F.mse_loss(small @ w, t)


start = torch.zeros(small.shape[1])
curvature = sharpness(loss, start)
bound = 2 / curvature
print(f"curvature {curvature:.2f}, so rates below {bound:.4f} converge")
figure, axis = plt.subplots(figsize=(4.8, 3.2))
for factor in (0.4, 0.95, 1.05):
    losses = [loss(w).item() for w in descend(loss, start, factor * bound, 50)]
    print(f"{factor} of the bound: loss {losses[0]:.3f} -> {losses[-1]:.3g}")
    axis.semilogy(losses, label=f"{factor} × 2/λ")
axis.set(xlabel="step", ylabel="loss")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# 过了上限，损失迟早要爆；没过，就不会。界线可以算出来，用不着试。
#
# ## 扫描一个网络 { #sweep }
#
# 网络的损失不是二次的，曲率一路在变，上限算不准，只好扫描。七个学习率从 0.001 到 3，每个走 150 步。猜一猜，哪一个的测试准确率最高？从哪一个起训练失败？

# %% [markdown] lang="en"
# Beyond the bound the loss explodes sooner or later; below it, never. You can work the border out without trying.
#
# ## Sweep a network { #sweep }
#
# The loss of a network is not quadratic and its curvature changes all the time, so here you have to sweep. Seven learning rates from 0.001 to 3 get 150 steps each. Guess which gives the highest test accuracy, and from which on training fails.


# %% tags=["predict"]
def trained(rate, schedule=constant, steps=150):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(step, steps))
    for _ in range(steps):
        rows = torch.randint(len(x), (32,))
        optimizer.zero_grad()
        F.cross_entropy(network(x[rows]), y[rows]).backward()
        optimizer.step()
        scheduler.step()
    with torch.no_grad():
        train = F.cross_entropy(network(x), y).item()
        accuracy = (network(test_x).argmax(1) == test_y).float().mean().item()
    return train, accuracy


rates = [0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
for rate in rates:
    train, accuracy = trained(rate)
    print(f"rate {rate:5}: training loss {train:6.3f}, test accuracy {accuracy:.3f}")

# %% [markdown] lang="zh"
# ## 调度 { #schedules }
#
# 恒定、余弦、一周期，三种调度各用一个好的学习率和三倍于它的学习率。学习率偏大时，调度帮得上忙吗？

# %% [markdown] lang="en"
# ## Schedules { #schedules }
#
# Try three schedules, constant, cosine and one cycle, at a good learning rate and at three times that rate. Does a schedule help if the rate is rather large?

# %% tags=["predict"]
for rate in (0.1, 0.3):
    for schedule in (constant, cosine, one_cycle):
        train, accuracy = trained(rate, schedule)
        print(f"{schedule.__name__:9} {rate}: training loss {train:.3f}, test accuracy {accuracy:.3f}")

# %% [markdown] lang="zh"
# 一个种子说明不了几个百分点的差别，正文用了十个。

# %% [markdown] lang="en"
# A single seed says nothing about differences of a few points. The section uses ten.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把 `loss` 乘以 10，上限变成多少？
# 2. 学习率正好是 2/λ 时，损失会怎样？
# 3. **写代码**：用 `sharpness` 和 `descend` 验证前两题。
#
# ??? note "答案"
#     1. 十分之一：曲率跟着损失变成十倍。
#     2. 最弯的方向上来回跳，既不变大也不变小；其余方向照样收敛，所以损失降到某个高度就停住。
#     3. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: multiply `loss` by 10. What becomes of the bound?
# 2. What does the loss do if the learning rate is exactly 2/λ?
# 3. **Write code**: check both with `sharpness` and `descend`.
#
# ??? note "Answers"
#     1. It becomes a tenth: the curvature grows with the loss.
#     2. Along the most curved direction the weights jump to and fro, neither nearer nor further; all other directions converge, so the loss comes down to a certain level and stays there.
#     3. The code is below.

# %% tags=["fold"]
print(f"bound of the loss {bound:.4f}, of ten times the loss {2 / sharpness(lambda w: 10 * loss(w), start):.4f}")
for factor in (0.99, 1.0):
    losses = [loss(w).item() for w in descend(loss, start, factor * bound, 2000)]
    print(f"{factor:4} of the bound:", " ".join(f"{losses[step]:.4f}" for step in (0, 100, 500, 1000, 2000)))
