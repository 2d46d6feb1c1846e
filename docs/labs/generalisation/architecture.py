# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.5 上机：感受野与深处的梯度 { #architecture-lab }
#
# 量出一个输出真正看得到多大一块，再看梯度怎样穿过很深的网络，有跳跃连接和没有时差多少。先读[正文](../../generalisation/architecture.md)。

# %% [markdown] lang="en"
# # 5.16.5 Lab: receptive fields, and gradients in deep networks { #architecture-lab }
#
# Measure how much one output really sees, then watch how the gradient gets through a deep network, with skip connections and without. Read [the section](../../generalisation/architecture.md) first.

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
# 公式给出感受野的边长。中间一个输出对输入求梯度，不为零的地方就是它真正依赖的区域。一层、两层、四层 3×3，边长各是多少？这块区域里，每个像素一样要紧吗？

# %% [markdown] lang="en"
# ## How much it sees { #field }
#
# The formula gives the side of the receptive field. Take the gradient of one output in the middle: it depends on the pixels where the gradient is not zero. What is the side for one, two and four layers of 3×3? And are all pixels inside equally important?

# %% tags=["predict"]
# alt zh: 三张梯度图：一层时是均匀的 3×3 方块；两层时是 5×5，中间深四周浅；四层时是 9×9，深色集中在中央
# alt en: Three maps of the gradient: an even square of 3×3 for one layer; 5×5, darker in the middle, for two; 9×9 with the dark part in the centre for four
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
# 边长与公式一致，可是拉力集中在中间：边上的像素只有很少几条路通到输出。再看深度。十个块（二十层），不做批归一化，用 PyTorch 的默认初始化，只看训练之前各块收到的梯度。第一块的梯度是最后一块的几分之几？加上跳跃连接呢？

# %% [markdown] lang="en"
# ## Gradients in deep networks { #gradients }
#
# The side is that of the formula, but the pull is in the middle: pixels at the edge have few paths to the output. Now for depth. Take ten blocks (twenty layers) without batch normalisation, with PyTorch's default initialisation, and look at the gradient that reaches each before training. What is the first block's gradient as a fraction of the last block's? And with skip connections?

# %% tags=["predict"]
# alt zh: 各块梯度的折线，纵轴是对数：普通网络从最后一块往前一路落下好几个数量级，有跳跃连接的几乎是平的
# alt en: Gradient per block on a logarithmic axis: in the plain network it falls by orders of magnitude from the last block to the first; with skip connections it is nearly level
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
# 十六层，同样的初值，带批归一化，各走一百步。有了批归一化，跳跃连接还有用吗？一个种子只看现象，正文用了十个。

# %% [markdown] lang="en"
# ## Does it train? { #train }
#
# Sixteen layers from the same initial weights, with batch normalisation, a hundred steps each. With batch normalisation, are skip connections still useful? One seed only shows what it looks like; the section uses ten.

# %% tags=["predict"]
# alt zh: 两条训练损失曲线：有跳跃连接的降得快、降得低，普通网络的落在后面
# alt en: Two curves of training loss: with skip connections it falls faster and further, and the plain network stays behind
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
# 1. **先猜**：三层 3×3、步长都是 2，感受野多大？
# 2. 把 `Block` 里的最后一个卷积初始化为零，带跳跃连接的网络一开始算的是什么？
# 3. **写代码**：用 `receptive_field` 验证练习 1；再把十个块的最后一个卷积都设为零，看输出与输入差多少，验证练习 2。
#
# ??? note "答案"
#     1. $1+2+4+8=15$。
#     2. 各块都是恒等映射（输入不为负时），整个网络就像只有开头那几层。
#     3. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: three layers of 3×3, each of stride 2. How large is the receptive field?
# 2. Set the last convolution of each `Block` to zero at the start. What does a network with skip connections compute?
# 3. **Write code**: check exercise 1 with `receptive_field`. Then set the last convolution of ten blocks to zero, and see how far their output is from their input, to check exercise 2.
#
# ??? note "Answers"
#     1. $1+2+4+8=15$.
#     2. Every block is the identity (for inputs that are not negative), as if the network had only its first layers.
#     3. The code is below.

# %% tags=["fold"]
print("receptive field", receptive_field([(3, 2, 1)] * 3))
blocks = nn.Sequential(*(Block(8, skip=True) for _ in range(10)))
for block in blocks:
    last = [layer for layer in block.inside if isinstance(layer, nn.Conv2d)][-1]
    nn.init.zeros_(last.weight)
    if last.bias is not None:
        nn.init.zeros_(last.bias)
print(f"largest difference of output and input {(blocks(maps) - maps).abs().max():.6f}")
