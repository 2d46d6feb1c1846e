# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.5 实验：感受野与深处的梯度 { #architecture-lab }
#
# 量一量一个输出真正看得到多大一块，再看梯度怎样穿过很深的网络，有跳跃连接和没有时差多少。先读[正文](../../generalisation/architecture.md)。

# %% [markdown] lang="en"
# # 5.16.5 Lab: receptive fields, and gradients in the deep { #architecture-lab }
#
# Measure how much one output really sees, then watch how the gradient gets through a deep network, with skips and without. Read [the section](../../generalisation/architecture.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.architecture import Block, convnet, receptive_field

data = load("fashion-mnist-mini")
x, y = data.train_images[:512].float() / 255, data.train_labels[:512]
print(tuple(x.shape))

# %% [markdown] lang="zh"
# ## 看得到多大 { #field }
#
# 公式给出感受野的边长。中间一个输出对输入求梯度，不为零的地方就是它真正依赖的区域。边长与公式一致，可是拉力集中在中间：边上的像素只经由很少几条路通到输出。

# %% [markdown] lang="en"
# ## How much it sees { #field }
#
# The formula gives the side of the receptive field. Take the gradient of one output in the middle: where it is not zero is what the output depends on. The side is that of the formula, but the pull is in the middle: pixels at the edge reach the output by few ways only.

# %%
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.6))
for axis, count in zip(axes, (1, 2, 4)):
    stack = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1, bias=False) for _ in range(count)))
    for layer in stack:
        nn.init.constant_(layer.weight, 1 / 9)
    image = torch.zeros(1, 1, 15, 15, requires_grad=True)
    stack(image)[0, 0, 7, 7].backward()
    side = int((image.grad[0, 0].sum(0) > 0).sum())
    print(f"{count} layers: formula {receptive_field([(3, 1, 1)] * count)}, measured {side}")
    axis.imshow(image.grad[0, 0], cmap="Blues")
    axis.set(title=f"{count} × 3×3", xticks=[], yticks=[])
plt.show()

# %% [markdown] lang="zh"
# ## 深处的梯度 { #gradients }
#
# 十个块（二十层），不做批归一化，只看初始化时各块收到的梯度。PyTorch 的默认初始化让普通网络的梯度一路变小；加上跳跃连接，它一路走得通。

# %% [markdown] lang="en"
# ## Gradients in the deep { #gradients }
#
# Ten blocks (twenty layers) without batch normalisation: look at the gradient that reaches each of them before training. With PyTorch's default initialisation it shrinks all the way through plain blocks; with skips it gets through.

# %%
figure, axis = plt.subplots(figsize=(5.2, 3.2))
for skip in (False, True):
    torch.manual_seed(0)
    blocks = nn.Sequential(*(Block(8, skip=skip) for _ in range(10)))
    maps = F.avg_pool2d(x[:64], 4).expand(-1, 8, -1, -1)
    (blocks(maps) ** 2).mean().backward()
    norms = [block.inside[0].weight.grad.norm().item() for block in blocks]
    axis.semilogy(range(1, 11), [norm / norms[-1] for norm in norms], "o-", label="skips" if skip else "plain")
    print(f"skip={skip}: first block's gradient over last block's {norms[0] / norms[-1]:.1e}")
axis.set(xlabel="block", ylabel="gradient (last block = 1)")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 训练得动吗 { #train }
#
# 十六层，同样的初值，带批归一化，各走一百步。一个种子只看现象，正文用了十个。

# %% [markdown] lang="en"
# ## Does it train? { #train }
#
# Sixteen layers from the same initial weights, with batch normalisation, a hundred steps each. One seed is to see how it looks; the section has ten.

# %%
figure, axis = plt.subplots(figsize=(5.2, 3.2))
for skip in (False, True):
    torch.manual_seed(0)
    network = convnet(16, 8, skip=skip, batch_norm=True)
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    order, losses = torch.Generator().manual_seed(0), []
    for _ in range(100):
        rows = torch.randint(len(x), (32,), generator=order)
        loss = F.cross_entropy(network(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    axis.plot(losses, label="skips" if skip else "plain")
    print(f"skip={skip}: mean loss of the last 20 steps {sum(losses[-20:]) / 20:.2f}")
axis.set(xlabel="step", ylabel="training loss")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 三层 3×3、步长都是 2，感受野多大？
# 2. 把 `Block` 里的最后一个卷积初始化为零，带跳跃连接的网络一开始算的是什么？
#
# ??? note "答案"
#     1. 1 + 2 + 4 + 8 = 15。
#     2. 各块都是恒等映射，整个网络就像只有开头两层。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Three layers of 3×3, each of stride 2: how large is the receptive field?
# 2. Set the last convolution of each `Block` to zero at the start. What does a network with skips compute?
#
# ??? note "Answers"
#     1. 1 + 2 + 4 + 8 = 15.
#     2. Every block is the identity: it is as if there were the first two layers alone.
