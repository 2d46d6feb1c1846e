# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.14.4 上机：搬一层，再证明搬对了 { #porting-lab }
#
# 先数一数各家在两端各裁几格，再让一张照片连过三层，看半个像素怎样攒成看得见的偏移；最后不看形状，只凭一个亮像素，判断两层是不是同一层。先读[正文](../../convolution/porting.md)。

# %% [markdown] lang="en"
# # 5.14.4 Lab: port a layer, and prove it { #porting-lab }
#
# Count the cells that each framework crops at either end, send a photograph through three layers and watch half a pixel grow into a visible shift, then decide from one bright pixel, not from shapes, whether two layers are the same. Read [the section](../../convolution/porting.md) first.

# %%
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib import cbook

from cnnbook.convolution.porting import centre_shift, transposed_padding, weight_to_torch

# %% [markdown] lang="zh"
# ## 两端各裁几格 { #crop }
#
# 五个像素，核 3，步长 2，完整输出 11 格，只留 10 格。下面四家，谁裁首端，谁裁末端？先写下来。

# %% [markdown] lang="en"
# ## How many cells at either end { #crop }
#
# Five pixels, kernel 3, stride 2: the full output has 11 cells, and 10 are to be kept. Which of these four crop at the beginning, and which at the end? Write it down first.

# %% tags=["predict"]
for name in ("keras-same", "jax-same", "onnx-same-upper", "onnx-same-lower"):
    print(f"{name:16}", transposed_padding(name, 5, kernel_size=3, stride=2))

# %% [markdown] lang="zh"
# ## 半格加半格 { #shift }
#
# 核 `[1, 2, 1]`、步长 2 的转置卷积就是双线性放大，每一层都可以裁首端，也可以裁末端。裁首端时 `centre_shift` 是 −0.5，裁末端时是 +0.5，单位是这一层输出的像素。连放三层，最后偏了几个像素？先算，再量：量的办法是放一个亮像素，看放大之后的重心离它该在的地方有多远。

# %% [markdown] lang="en"
# ## Half a pixel, three times { #shift }
#
# A transposed convolution with kernel `[1, 2, 1]` and stride 2 enlarges linearly, and may crop at the beginning or at the end. `centre_shift` is −0.5 in the first case and +0.5 in the second, in pixels of that layer's output. After three layers, by how many pixels is the picture off? Work it out, then measure: enlarge one bright pixel and compare its centre of mass with where it should be.


# %% tags=["predict"]
def enlarge(image, first):
    """Three layers, each of which crops one cell: the first of its full output or the last."""
    ramp = torch.tensor([1.0, 2.0, 1.0]) / 2
    kernel = (ramp[:, None] * ramp)[None, None]
    for _ in range(3):
        full = F.conv_transpose2d(image, kernel, stride=2)
        image = full[..., 1:, 1:] if first else full[..., :-1, :-1]
    return image


pixel = torch.zeros(1, 1, 9, 9)
pixel[..., 4, 4] = 1
for first in (True, False):
    column = enlarge(pixel, first)[0, 0].sum(0)
    centre = (column * torch.arange(len(column))).sum() / column.sum()
    one = centre_shift(3, stride=2, padding=int(first))
    print(f"crops the {'first' if first else 'last'}: {one:+.1f} per layer, {centre - (4 * 8 + 3.5):+.2f} after three")

# %% [markdown] lang="zh"
# 同样的照片，形状处处相同。最右一张是两者之差：边缘全都成了双份。

# %% [markdown] lang="en"
# One photograph, and the shapes agree throughout. The last picture is the difference of the other two: every edge is there twice.

# %%
# alt zh: 三张灰度图像：裁首端放大的人像，裁末端放大的人像，两者之差；差图中五官和衣领的轮廓清晰可见
# alt en: Three grey pictures: a portrait enlarged with the first cells cropped, with the last cropped, and their difference, in which the outlines of face and collar stand out
with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = torch.tensor(plt.imread(file).copy()).float().mean(dim=2) / 255
photo = F.avg_pool2d(photo[None, None], 8)[..., 4:40, 16:52]
first, last = enlarge(photo, True), enlarge(photo, False)
print(tuple(photo.shape), "->", tuple(first.shape), tuple(last.shape))
figure, axes = plt.subplots(1, 3, figsize=(9, 3.3))
for axis, (title, picture) in zip(axes, {"first": first, "last": last, "difference": (first - last).abs()}.items()):
    axis.imshow(picture[0, 0], cmap="gray", vmin=0, vmax=1)
    axis.set_title(title, fontsize=10)
    axis.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 核转了没有 { #rotation }
#
# 这里照 JAX 的定义写一层：把输入撑开，四周补零，再用*不旋转*的核滑一遍。权重直接拿给 PyTorch，形状也对，数值呢？换成 `weight_to_torch` 给的权重呢？

# %% [markdown] lang="en"
# ## Is the kernel rotated? { #rotation }
#
# Here is JAX's layer by its definition: spread the input, add zeros around it, and slide the kernel over it *without* rotating it. Hand its weight to PyTorch as it is: the shape is right, but are the numbers? And with the weight that `weight_to_torch` gives?


# %% tags=["predict"]
def jax_layer(x, weight, stride=2):
    """VALID, one channel; weight is (kH, kW, C_in, C_out)."""
    k = weight.shape[0]
    spread = torch.zeros(1, 1, *(stride * (n - 1) + 1 for n in x.shape[2:]))
    spread[..., ::stride, ::stride] = x
    return F.conv2d(F.pad(spread, [k - 1] * 4), weight.permute(3, 2, 0, 1))


torch.manual_seed(0)
x, weight = torch.randn(1, 1, 6, 6), torch.randn(3, 3, 1, 1)
theirs = jax_layer(x, weight)
ways = {"as it is": weight.permute(2, 3, 0, 1), "by weight_to_torch": weight_to_torch("jax", weight, transposed=True)}
for name, ours in ways.items():
    output = F.conv_transpose2d(x, ours, stride=2)
    print(f"{name:18} {tuple(output.shape)} largest difference {(output - theirs).abs().max():.6f}")

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：核换成对称的 `[1, 2, 1]`，上面“核转了没有”的两行会怎样？用对称的核来检查移植，有什么毛病？
# 2. 核 4、步长 2、`padding=1`，连放三层，偏移是多少？
# 3. **写代码**：写一个函数 `same_layer(a, b, n)`，只用一个亮像素判断两个一维放大层是否相同，再拿“裁首端”和“裁末端”试它。单位脉冲放在正中间够不够？
#
# ??? note "答案"
#     1. 两行都是零：对称的核转了也等于没转，所以查不出错。检查移植要用随机的、不对称的核。
#     2. 零：$(4-2)/2-1=0$，每一层都对准，攒不起来。
#     3. 代码在下面。放在正中间就够查出裁错的一端；若还要查边缘怎样补，就得把亮像素逐个放遍每一格。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: take the symmetric kernel `[1, 2, 1]`. What becomes of the two lines of “Is the kernel rotated?”, and what is wrong with testing a port by such a kernel?
# 2. Kernel 4, stride 2, `padding=1`, three layers: what is the shift?
# 3. **Write code**: a function `same_layer(a, b, n)` that decides from one bright pixel whether two layers that enlarge a signal are the same. Try it on “crops the first” and “crops the last”. Is one pixel in the middle enough?
#
# ??? note "Answers"
#     1. Both are zero: a symmetric kernel does not change when it is rotated, so the test sees no error. Test a port with random kernels that are not symmetric.
#     2. None: $(4-2)/2-1=0$. Each layer is aligned, so there is nothing to add up.
#     3. The code is below. A pixel in the middle is enough to find the wrong end cropped; to test what is done at the border as well, put the bright pixel into every place in turn.


# %% tags=["fold"]
def same_layer(a, b, n):
    for place in range(n):
        x = torch.zeros(1, 1, n)
        x[..., place] = 1
        if a(x).shape != b(x).shape or not torch.allclose(a(x), b(x), atol=1e-6):
            return f"no: they differ for a pixel at {place}"
    return "yes"


kernel = torch.tensor([[[1.0, 10.0, 100.0]]])
usual = torch.nn.ConvTranspose1d(1, 1, 3, stride=2, padding=1, output_padding=1, bias=False)
usual.weight = torch.nn.Parameter(kernel)
print("first and last: ", same_layer(usual, lambda x: F.conv_transpose1d(x, kernel, stride=2)[..., :-1], 5))
print("first and first:", same_layer(usual, lambda x: F.conv_transpose1d(x, kernel, stride=2)[..., 1:], 5))
