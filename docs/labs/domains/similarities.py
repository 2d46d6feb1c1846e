# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.1 实验：用一个核看出往哪边走 { #similarities-lab }
#
# 做一段短片，亲手写一个跨两帧的核，不用训练就能判断移动的方向；再把核拆成一帧，看它为什么不行。先读[正文](../../domains/similarities.md)。

# %% [markdown] lang="en"
# # 5.17.1 Lab: see with one kernel which way it moves { #similarities-lab }
#
# Make a film, write a kernel over two frames by hand, and tell the direction without any training; then cut the kernel down to one frame and see why that will not do. Read [the section](../../domains/similarities.md) first.

# %%
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
# 向右移动的东西，下一帧在右边一格。所以核在前一帧取左边的像素，在后一帧取右边的像素，两者同时亮着才算数：先求和，减去 1.5，再过 ReLU。向左的核把两列对调。哪个核的响应总和大，就往哪边走。

# %% [markdown] lang="en"
# ## One kernel, two frames { #kernel }
#
# What moves to the right is one pixel further right in the next frame. So the kernel takes the left pixel of one frame and the right pixel of the next, and counts where both are lit: add them, subtract 1.5, apply ReLU. For the left, exchange the columns. The kernel with the larger response in all says which way.

# %%
right = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])  # two frames of one row of two pixels
kernels = torch.stack([right, right.flip(-1)])[:, None]
response = (conv_nd(films, kernels) - 1.5).relu().sum(dim=(2, 3, 4))
for name, (to_right, to_left) in zip(("4", "7"), response.tolist()):
    print(name, "moves", "right" if to_right > to_left else "left", (to_right, to_left))

# %% [markdown] lang="zh"
# ## 只看一帧 { #one-frame }
#
# 核只占一帧时，把短片倒过来放，每一帧的响应都还在，只是换了次序，加起来一个数也不变：

# %% [markdown] lang="en"
# ## Single frames { #one-frame }
#
# With a kernel of one frame, every frame of the film run backwards gives what it gave before, in another order. The sum does not change:

# %%
torch.manual_seed(0)
noisy = films + 0.5 * torch.randn(films.shape)
for frames in (1, 2):
    kernel = torch.randn(4, 1, frames, 3, 3)
    there, back = (conv_nd(x, kernel).relu().mean(dim=(2, 3, 4)) for x in (noisy, noisy.flip(2)))
    print(frames, "frame(s): largest difference to the film run backwards", f"{(there - back).abs().max():.4f}")

# %% [markdown] lang="zh"
# ## 试一试 { #exercises }
#
# 1. 让数字斜着走（`velocity` 取 `[1, 1]`），写出能认出它的核。
# 2. 每帧走两个像素，上面的核还行吗？要改哪里？把 `dilation` 也考虑进去。
# 3. 加大噪声，看手写的核到什么程度开始出错。

# %% [markdown] lang="en"
# ## Try it { #exercises }
#
# 1. Let the digits move askew (`velocity` `[1, 1]`), and write the kernel that sees it.
# 2. With two pixels a frame, does the kernel still serve? What must change? Think of `dilation` as well.
# 3. Raise the noise, and see how far a kernel written by hand carries.
