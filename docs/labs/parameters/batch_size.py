# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.2 上机：一边训练，一边量噪声 { #batch-size-lab }
#
# 只看两种批次的梯度有多长，估出噪声尺度，与精确值比一比，再看它在训练中怎样变。先读[正文](../../parameters/batch_size.md)。

# %% [markdown] lang="en"
# # 5.15.2 Lab: measure the noise while training { #batch-size-lab }
#
# Estimate the noise scale from nothing but the norms of the gradients of two batch sizes, compare it with the exact value, and see how it changes in training. Read [the section](../../parameters/batch_size.md) first.

# %%
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.batch_size import example_gradients, noise_scale
from cnnbook.parameters.batch_size import noise_and_signal, price

data = load("fashion-mnist-mini")
x, y = data.train_images[:512].float() / 255, data.train_labels[:512]
torch.manual_seed(0)
network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
small, large = 8, 128


def square(batch):
    rows = torch.randint(len(x), (batch,))
    gradients = torch.autograd.grad(F.cross_entropy(network(x[rows]), y[rows]), list(network.parameters()))
    return sum(g.square().sum() for g in gradients).item()


def estimated(draws=200):
    means = [sum(square(b) for _ in range(draws)) / draws for b in (small, large)]
    noise, signal = noise_and_signal(*means, small, large)
    return noise / signal


# %% [markdown] lang="zh"
# ## 估计与精确值 { #estimate }
#
# 训练三百步，每一百步量一次：精确值要算每个样本各自的梯度，估计值只要八张和 128 张两种批次的梯度有多长。噪声尺度会变大还是变小？批次 32 离“步数最少”和“图像最少”各有多远？

# %% [markdown] lang="en"
# ## The estimate and the exact value { #estimate }
#
# Train for three hundred steps and measure every hundred. The exact value needs the gradient of every single example; the estimate needs only how long the gradients of batches of 8 and of 128 are. Will the noise scale grow or shrink? How far is a batch of 32 from the fewest steps, and from the fewest images?

# %% tags=["predict"]
optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
for step in range(301):
    if step % 100 == 0:
        exact = noise_scale(example_gradients(network, F.cross_entropy, x, y))
        steps, examples = price(32, exact)
        print(f"step {step:3}: exact {exact:5.0f}, estimated {estimated():5.0f}; with a batch of 32", end=" ")
        print(f"{steps:.1f} times the fewest steps, {examples:.1f} times the fewest images")
    rows = torch.randint(len(x), (32,))
    optimizer.zero_grad()
    F.cross_entropy(network(x[rows]), y[rows]).backward()
    optimizer.step()

# %% [markdown] lang="zh"
# 估计值会晃，大小是对的。在这个线性的网络上，噪声尺度先变小，后来就变得不多了。批次 32 与它相近，步数和样本都不太吃亏。

# %% [markdown] lang="en"
# The estimate wobbles, but its size is right. In this linear network the noise scale falls at first and then changes little. A batch of 32 is near it, and wastes neither many steps nor many images.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把 `draws` 改成 5，估计值还靠得住吗？
# 2. 噪声尺度是 64，批次从 16 加到 32，步数减少几成？
# 3. **写代码**：噪声尺度是 64 时，用 `price` 打印批次从 8 到 512 的两种代价；再打印五个 `estimated(draws=5)`，验证练习 1。
#
# ??? note "答案"
#     1. 靠不住，信号甚至可能是负的：两个几乎相等的数相减，误差很大。
#     2. 从 1 + 64/16 = 5 降到 1 + 64/32 = 3，少四成，不是五成。
#     3. 代码在下面。批次等于噪声尺度时，步数和图像都是最少的两倍。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: set `draws` to 5. Can you still trust the estimate?
# 2. The noise scale is 64. By what share do the steps fall from a batch of 16 to one of 32?
# 3. **Write code**: for a noise scale of 64, print both prices with `price` for batches from 8 to 512; then print five times `estimated(draws=5)` to check exercise 1.
#
# ??? note "Answers"
#     1. No. The signal may even be negative: the error in the difference of two nearly equal numbers is large.
#     2. From 1 + 64/16 = 5 to 1 + 64/32 = 3: by 40%, not by 50%.
#     3. The code is below. With a batch as large as the noise scale, steps and images are both twice the fewest.

# %% tags=["fold"]
for batch in (8, 16, 32, 64, 128, 512):
    steps, examples = price(batch, 64)
    print(f"batch {batch:3}: {steps:4.1f} times the fewest steps, {examples:4.1f} times the fewest images")
print("with 5 draws:", [round(estimated(draws=5)) for _ in range(5)])
