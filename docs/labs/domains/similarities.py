# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.1 上机：用一个核看出往哪边走 { #similarities-lab }
#
# 做一段短片，亲手写一个跨两帧的核，不用训练就能判断移动的方向；再把核缩成一帧，看它为什么不行。先读[正文](../../domains/similarities.md)。

# %% [markdown] lang="en"
# # 5.17.1 Lab: see with one kernel which way it moves { #similarities-lab }
#
# Make a film, write a kernel over two frames by hand, and tell the direction without any training; then cut the kernel down to one frame, and see why that will not do. Read [the section](../../domains/similarities.md) first.

# %%
# alt zh: 两行五帧：上面的 4 一帧向右一格，下面的 7 一帧向左一格
# alt en: Two rows of five frames: the 4 above moves one pixel to the right per frame, the 7 below one to the left
import matplotlib.pyplot as plt
import torch

from cnnbook.domains.similarities import conv_nd, digit, moving

pictures = torch.stack([digit(4), digit(7)])
start = torch.tensor([[1, 3], [1, 3]])
velocity = torch.tensor([[0, 1], [0, -1]])
films = moving(pictures, start, velocity, frames=5, size=11)
figure, axes = plt.subplots(2, 5, figsize=(8, 3.4))
for row, film in zip(axes, films):
    for frame, axis in zip(film[0], row):
        axis.imshow(frame, cmap="gray_r")
        axis.axis("off")
plt.show()

# %% [markdown] lang="zh"
# ## 一个核，两帧 { #kernel }
#
# 向右移动的东西，下一帧在右边一格。所以核在前一帧取左边的像素，在后一帧取右边的像素，两者同时亮着才算数：先求和，减去 1.5，再过 ReLU。向左的核把两列对调。哪个核的响应总和大，就是往哪边走。4 和 7 的笔画都有横有竖，两个核会不会都有响应？

# %% [markdown] lang="en"
# ## One kernel, two frames { #kernel }
#
# What moves to the right is one pixel further right in the next frame. So the kernel takes the left pixel of one frame and the right pixel of the next, and counts where both are lit: add them, subtract 1.5, apply ReLU. For the left, exchange the columns. The kernel with the larger total response gives the direction. The strokes of 4 and 7 run both across and down: will both kernels respond?

# %% tags=["predict"]
right = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])  # two frames of one row of two pixels
kernels = torch.stack([right, right.flip(-1)])[:, None]
response = (conv_nd(films, kernels) - 1.5).relu().sum(dim=(2, 3, 4))
for name, (to_right, to_left) in zip(("4", "7"), response.tolist()):
    print(name, "moves", "right" if to_right > to_left else "left", (to_right, to_left))

# %% [markdown] lang="zh"
# ## 只看一帧 { #one-frame }
#
# 把短片倒过来放，再求响应的平均。核占一帧时，结果会变吗？占两帧呢？

# %% [markdown] lang="en"
# ## Single frames { #one-frame }
#
# Run the film backwards and take the mean response. Does it change with a kernel of one frame? And with one of two?

# %% tags=["predict"]
torch.manual_seed(0)
noisy = films + 0.5 * torch.randn(films.shape)
for frames in (1, 2):
    kernel = torch.randn(4, 1, frames, 3, 3)
    there, back = (conv_nd(x, kernel).relu().mean(dim=(2, 3, 4)) for x in (noisy, noisy.flip(2)))
    print(frames, "frame(s): largest difference to the film run backwards", f"{(there - back).abs().max():.4f}")

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：每帧走两个像素，上面的核还行吗？要改哪里？
# 2. 核只占一帧时，短片倒放为什么一个数也不变？
# 3. **写代码**：让数字斜着走（`velocity` 取 `[1, 1]` 和 `[1, -1]`），写出能分辨两者的核。
#
# ??? note "答案"
#     1. 差得多：下一帧要到右边两格去找，核只伸出一格，只有横的笔画还对得上，两个方向的响应就近了。两列之间要空一列，写成 `[1, 0, 0]` 和 `[0, 0, 1]`，或者沿宽度取膨胀率 2。
#     2. 每一帧的响应都还在，只是换了次序，而平均与次序无关。
#     3. 代码在下面：核占两帧，每帧 2×2；往右下走的，前一帧取左上，后一帧取右下。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: with two pixels per frame, does the kernel above still work? What has to change?
# 2. Why does running the film backwards change nothing for a kernel of one frame?
# 3. **Write code**: let the digits move diagonally (`velocity` of `[1, 1]` and `[1, -1]`), and write kernels that tell the two apart.
#
# ??? note "Answers"
#     1. Much less well: in the next frame it would have to look two pixels further right, and it reaches only one, so that level strokes alone still fit, and the two directions come closer. Leave a column between, as `[1, 0, 0]` and `[0, 0, 1]`, or take a dilation of 2 along the width.
#     2. Every frame gives what it gave before, in another order, and a mean does not depend on the order.
#     3. The code is below. The kernel has two frames of 2×2. For a move down and to the right, it takes the upper left pixel of one frame and the lower right one of the next.

# %% tags=["fold"]
diagonal = moving(pictures, torch.tensor([[1, 1], [1, 5]]), torch.tensor([[1, 1], [1, -1]]), frames=5, size=12)
down_right = torch.tensor([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]])
kernels = torch.stack([down_right, down_right.flip(-1)])[:, None]
response = (conv_nd(diagonal, kernels) - 1.5).relu().sum(dim=(2, 3, 4))
for name, (to_right, to_left) in zip(("4", "7"), response.tolist()):
    print(name, "moves down and", "right" if to_right > to_left else "left", (to_right, to_left))
