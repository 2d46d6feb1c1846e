# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.14.5 上机：给它看一个亮像素 { #upsampling-lab }
#
# 给每种上采样层看一个亮像素，看清它其实是哪个核；再看它们什么都没学时在灰图上画什么，训练几秒之后又画什么。先读[正文](../../convolution/upsampling.md)。

# %% [markdown] lang="en"
# # 5.14.5 Lab: show it one bright pixel { #upsampling-lab }
#
# Show each upsampling layer one bright pixel, and see which kernel it really is; then see what the layers paint on flat grey before they have learned anything, and after a few seconds of training. Read [the section](../../convolution/upsampling.md) first.

# %%
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib import cbook

from cnnbook.convolution.checkerboard import phase_sums
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    as_transposed,
    degrees_of_freedom,
)

kinds = {
    "transposed k4": lambda: TransposedUpsample(1, 1, 2),
    "nearest + conv": lambda: ResizeConv(1, 1, 2),
    "bilinear + conv": lambda: ResizeConv(1, 1, 2, mode="bilinear"),
    "sub-pixel": lambda: SubPixel(1, 1, 2),
    "sub-pixel, ICNR": lambda: SubPixel(1, 1, 2, icnr=True),
    "balanced k6": lambda: BalancedTransposedUpsample(1, 1, 2, kernel_size=6),
}

# %% [markdown] lang="zh"
# ## 它其实是哪个核 { #kernel }
#
# 每一层都把图像放大到两倍。亮起来的区域有几格宽？先给六种层各猜一个数。

# %% [markdown] lang="en"
# ## Which kernel it is { #kernel }
#
# Each layer doubles the size of an image. How many cells wide is the patch that lights up? Guess a number for each of the six.


# %% tags=["predict"]
# alt zh: 六个小图，每种上采样层对一个亮像素的响应：转置卷积和最近邻亮 4×4 格，其余亮 6×6 格；带 ICNR 的每 2×2 格相同
# alt en: Six panels, the response of each upsampling layer to one bright pixel: 4×4 cells for the transposed convolution and for nearest, 6×6 for the others; with ICNR in equal blocks of 2×2
def kernel_of(layer, pixels=9):
    image = torch.zeros(1, 1, pixels, pixels)
    image[..., pixels // 2, pixels // 2] = 1
    return (layer(image) - layer(0 * image))[0, 0].detach()


figure, axes = plt.subplots(1, 6, figsize=(9, 2.0))
for axis, (name, make) in zip(axes, kinds.items()):
    torch.manual_seed(0)
    layer = make()
    painted = kernel_of(layer)[5:13, 5:13]
    lit = (painted.abs() > 1e-6).nonzero()
    side = (lit.max(0).values - lit.min(0).values + 1).tolist()
    print(f"{name:15} lights {side}, as_transposed {tuple(as_transposed(layer).weight.shape[2:])}", end=", ")
    print(f"{degrees_of_freedom(layer)} free numbers")
    axis.imshow(painted, cmap="RdBu", vmin=-0.5, vmax=0.5)
    axis.set_title(name, fontsize=8)
    axis.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 换成转置卷积，结果一样吗 { #same }
#
# 拿一张照片，把每一层的输出与 `as_transposed` 给出的转置卷积逐格比较。双线性只在图像内部相等，所以去掉四周几格。

# %% [markdown] lang="en"
# ## Does the transposed convolution agree? { #same }
#
# Compare each layer's output on a photograph with that of the transposed convolution given by `as_transposed`, cell by cell. Bilinear agrees only inside the image, so leave out a few cells around it.

# %%
with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = torch.tensor(plt.imread(file).copy()).float().mean(dim=2) / 255
large = F.avg_pool2d(photo[None, None], 4)[..., :148, :]
small = F.avg_pool2d(large, 2)
for name, make in kinds.items():
    layer = make()
    difference = (as_transposed(layer)(small) - layer(small)).detach()[..., 4:-4, 4:-4]
    print(f"{name:15} largest difference {difference.abs().max():.0e}")

# %% [markdown] lang="zh"
# ## 训练之前，训练之后 { #ripple }
#
# 让每种层学着把缩小的照片放大回去，各走两百步。训练前后各看一眼平坦的灰图，量输出的起伏（标准差）：干净的层应当是 0。猜一猜：谁一开始就是 0？谁训练之后还是 0？

# %% [markdown] lang="en"
# ## Before and after training { #ripple }
#
# Let each layer learn to enlarge the photograph from its small version, in two hundred steps. Before and after, show it flat grey and take the standard deviation of the output, its ripple: a clean layer has 0. Guess: which have 0 at the start, and which still have it at the end?


# %% tags=["predict"]
def ripple(layer):
    return layer(torch.full((1, 1, 12, 12), 0.5)).std().item()


trained = {}
for name, make in kinds.items():
    torch.manual_seed(0)
    layer = trained[name] = make()
    before = ripple(layer)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
    for _ in range(200):
        optimizer.zero_grad()
        loss = F.mse_loss(layer(small), large)
        loss.backward()
        optimizer.step()
    print(f"{name:15} ripple {before:.4f} -> {ripple(layer):.4f}, error {loss.item() ** 0.5:.4f}")

# %% [markdown] lang="zh"
# 误差都在同一个量级，起伏却分成两类：按构造就干净的，训练之后还是 0；其余的小了很多，却到不了 0。ICNR 只管起点，走几步就不再是 0。

# %% [markdown] lang="en"
# The errors are of one size, but the ripples fall into two groups. What is clean by construction still has 0 after training; the rest have become much smaller, but not 0. ICNR takes care of the start only, and a few steps later it is no longer 0.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：放大到三倍时，最近邻加 3×3 卷积等于几乘几的核？双线性加 3×3 卷积呢？
# 2. `kernel_of` 为什么要减去 `layer(0 * image)`？
# 3. **写代码**：四个相位之和相等，灰图才是平的。打印训练后每种层的相位之和，看谁的相等。
#
# ??? note "答案"
#     1. 5×5 和 7×7：最近邻把一个像素变成三格，双线性变成五格，3×3 卷积再往两边各加一格。把 `kinds` 里的 2 换成 3 就能验证。
#     2. 减掉偏置。不减的话，亮像素之外也到处是偏置的值，亮了几格就数不出来。
#     3. 代码在下面。最近邻、双线性和平衡的核相等，亚像素和普通的转置卷积不等；ICNR 训练之后也不等了。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: at a scale of three, what size of kernel is nearest and a 3×3 convolution? And bilinear and a 3×3 convolution?
# 2. Why does `kernel_of` subtract `layer(0 * image)`?
# 3. **Write code**: flat grey stays flat if the four phases have equal sums. Print the phase sums of each trained layer, and see whose are equal.
#
# ??? note "Answers"
#     1. 5×5 and 7×7: nearest makes three cells of a pixel and bilinear five, and the 3×3 convolution adds one on either side. Put 3 for 2 in `kinds` to check.
#     2. It takes the bias away. Otherwise every cell outside the patch has the bias's value, and you cannot count the cells that are lit.
#     3. The code is below. Those of nearest, bilinear and the balanced kernel are equal; those of the sub-pixel layer and of the plain transposed convolution are not, and after training neither are those of ICNR.

# %% tags=["fold"]
for name, layer in trained.items():
    sums = phase_sums(as_transposed(layer).weight.detach(), stride=2).flatten()
    print(f"{name:15}", " ".join(f"{value:.4f}" for value in sums.tolist()))
