# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.14.2 上机：印章与重叠 { #transposed-lab }
#
# 换步长、换核，看输出有多大、印章怎样重叠；再把一张照片缩小、放大，看什么回得来，什么回不来。先读[正文](../../convolution/transposed.md)。

# %% [markdown] lang="en"
# # 5.14.2 Lab: stamps and overlaps { #transposed-lab }
#
# Change the stride and the kernel, and see how large the output is and how the stamps overlap; then shrink a photograph and enlarge it, and see what comes back and what does not. Read [the section](../../convolution/transposed.md) first.

# %%
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib import cbook

from cnnbook.convolution.transposed import (
    colliding_sizes,
    conv_output_size,
    convolution_matrix,
    output_size,
    scatter,
)

# %% [markdown] lang="zh"
# ## 先猜，再算 { #guess }
#
# 6 个像素，核 5，步长 2，填充 1，`output_padding=1`。输出有多长？卷积回去又有多长？先在纸上写下来。

# %% [markdown] lang="en"
# ## Guess first { #guess }
#
# Six pixels, kernel 5, stride 2, padding 1, `output_padding=1`. How long is the output, and how long after a convolution back? Write it down first.

# %% tags=["predict"]
setting = {"kernel_size": 5, "stride": 2, "padding": 1, "output_padding": 1}
length = output_size(6, **setting)
conv = {"kernel_size": 5, "stride": 2, "padding": 1}
print(length, "and back:", conv_output_size(length, **conv))
print("output_padding chooses among", list(colliding_sizes(6, **conv)))

# %% [markdown] lang="zh"
# ## 重叠次数 { #overlap }
#
# 输入和核都取 1，输出的每一格就是它被多少枚印章盖到。下面步长取 2 和 3，核取 2、3、4、6，共八种。哪几种内部是平的？有没有哪一种，连一枚印章都盖不到的格子也有？

# %% [markdown] lang="en"
# ## Overlap counts { #overlap }
#
# With ones for the input and the kernel, each cell of the output says how many stamps cover it. Below are strides 2 and 3 with kernels of 2, 3, 4 and 6, eight pairs in all. Which are flat inside? And is there one in which no stamp reaches some of the cells?

# %% tags=["predict"]
# alt zh: 八张重叠次数图，两行分别是步长 2 和 3，四列是核 2、3、4、6。步长 2 时，2、4、6 内部是平的，3 有格子；步长 3 时，3、6 内部是平的，2 留有空格，4 有格子
# alt en: Eight maps of overlap counts, strides 2 and 3 in rows, kernels 2, 3, 4 and 6 in columns. At stride 2, kernels 2, 4 and 6 are flat inside and 3 has a lattice; at stride 3, kernels 3 and 6 are flat inside, 2 leaves empty cells and 4 has a lattice
figure, axes = plt.subplots(2, 4, figsize=(9, 4.6))
for row, stride in zip(axes, (2, 3)):
    for axis, k in zip(row, (2, 3, 4, 6)):
        ones, kernel = torch.ones(1, 5, 5), torch.ones(1, 1, k, k)
        counts = scatter(ones, kernel, stride=stride)[0]
        axis.imshow(counts, cmap="viridis")
        inside = counts[k:-k, k:-k].unique().int().tolist()
        axis.set_title(f"k={k}, s={stride}: {inside}", fontsize=9)
        axis.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# 标题里是离边缘够远的格子出现过的重叠次数，只有一个数就是平的。核能被步长整除的，正好是平的那些。核比步长短时，有的格子一枚印章也盖不到。

# %% [markdown] lang="en"
# The titles list the counts that occur well inside; a single number means flat. Flat are just those whose kernel the stride divides. If the kernel is shorter than the stride, no stamp reaches some of the cells.

# %% [markdown] lang="zh"
# ## 缩小，再放大 { #down-and-up }
#
# 用同一个 4×4 的平滑核，步长 2，先卷积缩小，再转置卷积放大。形状回得来吗？数值呢？

# %% [markdown] lang="en"
# ## Shrink, then enlarge { #down-and-up }
#
# Take one smooth 4×4 kernel at stride 2: shrink by convolution, enlarge by transposed convolution. Does the shape come back? Do the values?

# %% tags=["predict"]
# alt zh: 四张灰度图像：原来的人像；缩小一半的；放大回来的，略微模糊；两者之差，只在边缘处发亮
# alt en: Four grey pictures: the portrait; at half its size; enlarged again and slightly blurred; and the difference, bright at edges only
with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = torch.tensor(plt.imread(file).copy()).float().mean(dim=2)[::4, ::4] / 255
photo = photo[:150, :128][None, None]
ramp = torch.tensor([1.0, 3.0, 3.0, 1.0])
kernel = (ramp[:, None] * ramp / 64)[None, None]
small = F.conv2d(photo, kernel, stride=2, padding=1)
back = 4 * F.conv_transpose2d(small, kernel, stride=2, padding=1)
print(tuple(photo.shape), "->", tuple(small.shape), "->", tuple(back.shape))
print(f"root mean squared difference {(back - photo).square().mean().sqrt():.3f}")

figure, axes = plt.subplots(1, 4, figsize=(9, 3.0))
difference = (back - photo).abs()
pictures = {"photo": photo, "small": small, "back": back, "difference": difference}
for axis, (title, picture) in zip(axes, pictures.items()):
    axis.imshow(picture[0, 0], cmap="gray", vmin=0, vmax=1)
    axis.set_title(title, fontsize=10)
    axis.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# 从矩阵看得更清楚：缩小用的矩阵 $C$，秩至多等于小图像的像素数，丢掉的那些方向，没有哪个矩阵找得回来。

# %% [markdown] lang="en"
# The matrix shows why: the rank of $C$ is at most the number of small pixels, and no matrix recovers the directions that it drops.

# %%
matrix = convolution_matrix(kernel.double(), (4, 4), stride=2, padding=1)
print("C", tuple(matrix.shape), "rank", torch.linalg.matrix_rank(matrix).item())
identity = torch.eye(matrix.shape[1]).double()
print("CᵀC is the identity:", torch.allclose(matrix.T @ matrix, identity))

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：上面为什么要乘 4？把 4 去掉，放大的照片会怎样？
# 2. 把核换成 3×3（`[1, 2, 1]`），`padding=1`，要补什么才能回到原来的形状？放大后的照片上有没有格纹？
# 3. **写代码**：让一张全是 1 的图像经过 `[1, 2, 1]` 和 `[1, 1, 1]` 两种核的转置卷积，看内部出现哪些值，验证练习 2。
#
# ??? note "答案"
#     1. 核的总和是 1，步长 2 时每个输出只拿到其中四分之一的权重。不乘 4，照片的亮度就只剩四分之一。
#     2. 原图边长是偶数，要 `output_padding=1`。`[1, 2, 1]` 按步长 2 分成两组，和都是 2，恰好相等，所以没有格纹，尽管 3 不能被 2 整除。换成 `[1, 1, 1]`，格纹就出来了。
#     3. 代码在下面。内部只有一个值，就没有格纹。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: why the factor 4 above? What becomes of the enlarged photograph without it?
# 2. Take a 3×3 kernel (`[1, 2, 1]`) with `padding=1`. What must be added for the shape to come back? Is there a lattice on the enlarged photograph?
# 3. **Write code**: send an image of ones through the transposed convolution with the kernels `[1, 2, 1]` and `[1, 1, 1]`, list the values inside, and so check exercise 2.
#
# ??? note "Answers"
#     1. The kernel sums to 1, and at stride 2 each output receives only a quarter of its weight. Without the 4, the photograph is a quarter as bright.
#     2. The sides are even, so `output_padding=1`. At stride 2, `[1, 2, 1]` falls into two groups that both sum to 2, so there is no lattice, although 2 does not divide 3. With `[1, 1, 1]` the lattice shows.
#     3. The code is below. A single value inside means no lattice.

# %% tags=["fold"]
setting = {"stride": 2, "padding": 1, "output_padding": 1}
for taps in ([1.0, 2.0, 1.0], [1.0, 1.0, 1.0]):
    ramp = torch.tensor(taps) / sum(taps) * 2
    kernel = (ramp[:, None] * ramp)[None, None]
    flat = F.conv_transpose2d(torch.ones(1, 1, 8, 8), kernel, **setting)
    inside = flat[0, 0, 4:-4, 4:-4].unique().tolist()
    print(taps, "inside:", [round(value, 3) for value in inside])
