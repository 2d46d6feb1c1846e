# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.14.1 上机：核看见了什么 { #standard-lab }
#
# 在一张真实的照片上用手写的核找边缘，看卷积与互相关差在哪里，再让梯度下降自己把核找回来。先读[正文](../../convolution/standard.md)。

# %% [markdown] lang="en"
# # 5.14.1 Lab: what a kernel sees { #standard-lab }
#
# Find edges in a real photograph with kernels written by hand, see where convolution and cross-correlation part, then let gradient descent find a kernel by itself. Read [the section](../../convolution/standard.md) first.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib import cbook

from cnnbook.convolution.standard import convolve2d, cross_correlate2d, rotate180

with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = torch.tensor(plt.imread(file).copy()).double().mean(dim=2)[::4, ::4] / 255
print(tuple(photo.shape), f"{photo.min():.2f} … {photo.max():.2f}")


# %%
def show(**pictures):
    """Grey pictures side by side; where some values are negative, 0 is mid-grey."""
    figure, axes = plt.subplots(1, len(pictures), figsize=(2.4 * len(pictures), 3.0))
    for axis, (title, picture) in zip(np.atleast_1d(axes), pictures.items()):
        reach = picture.abs().max().item()
        low = -reach if picture.min() < 0 else 0
        axis.imshow(picture, cmap="gray", vmin=low, vmax=reach)
        axis.set_title(title.replace("_", " "), fontsize=10)
        axis.axis("off")
    figure.tight_layout()
    plt.show()


# %% [markdown] lang="zh"
# ## 手写的核 { #by-hand }
#
# 正文里的核上负下正，哪里下面比上面亮，哪里就给出大的正数。转置之后，它找的是左右方向的变化。

# %% [markdown] lang="en"
# ## Kernels written by hand { #by-hand }
#
# The section's kernel is negative above and positive below, so it gives large positive numbers wherever the picture is brighter below than above. Its transpose finds changes from left to right.

# %%
# alt zh: 四张灰度图像：原来的人像；左右方向的响应，竖直的边缘或亮或暗；上下方向的响应，水平的边缘或亮或暗；两者合成的边缘图，轮廓发亮
# alt en: Four grey pictures: the portrait; the response from left to right, with upright edges bright or dark; the response from top to bottom, with level edges bright or dark; and both combined, with all outlines bright
rows = torch.tensor([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]).double()
across, down = cross_correlate2d(photo, rows.T), cross_correlate2d(photo, rows)
edges = (across**2 + down**2).sqrt()
show(photo=photo, left_to_right=across, top_to_bottom=down, edges=edges)

# %% [markdown] lang="zh"
# ## 旋转与不旋转 { #rotation }
#
# 这个核旋转 180° 之后正好变号。卷积与互相关的结果会有什么关系？黑白图上看得出来吗？

# %% [markdown] lang="en"
# ## Rotated or not { #rotation }
#
# Rotated by 180°, this kernel changes its sign. How are convolution and cross-correlation related then, and can you see it in the pictures?

# %% tags=["predict"]
# alt zh: 两张灰度图像，边缘在同样的地方，黑白对调
# alt en: Two grey pictures with the same edges, black and white exchanged
correlated, convolved = cross_correlate2d(photo, rows), convolve2d(photo, rows)
print("rotated = -kernel:", torch.equal(rotate180(rows), -rows))
print("largest sum of both results:", (correlated + convolved).abs().max().item())
show(cross_correlation=correlated, convolution=convolved)

# %% [markdown] lang="zh"
# ## 让梯度下降把核找回来 { #learn }
#
# 只给照片和上下方向的响应，从全 0 的核开始，最小化平方误差。照片里相邻的像素很像，直接下降会很慢，所以先减去均值，再用 L-BFGS。响应是用互相关算的：用互相关去学，会找到什么核？用卷积去学呢？

# %% [markdown] lang="en"
# ## Let gradient descent find the kernel { #learn }
#
# Given only the photograph and its response from top to bottom, start from a kernel of zeros and minimise the squared error. Neighbouring pixels are much alike, which makes plain descent slow, so subtract the mean and use L-BFGS. The response was made by cross-correlation. Which kernel will cross-correlation learn, and which will convolution?

# %% tags=["predict"]
centred = photo - photo.mean()
target = cross_correlate2d(centred, rows)
precise = {"max_iter": 200, "tolerance_grad": 1e-12, "tolerance_change": 1e-16}
for operation in (cross_correlate2d, convolve2d):
    kernel = torch.zeros(3, 3).double().requires_grad_()
    descent = torch.optim.LBFGS([kernel], line_search_fn="strong_wolfe", **precise)

    def loss():
        descent.zero_grad()
        error = ((operation(centred, kernel) - target) ** 2).mean()
        error.backward()
        return error

    descent.step(loss)
    print(operation.__name__)
    print(kernel.detach().numpy().round(3) + 0.0)

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把 `rows` 换成全是 1/9 的核，照片会怎样？换成中间 2 − 1/9、其余 −1/9 的核呢？
# 2. 5×5 的核、`padding="same"`，四周补了几圈 0？输出边上变暗的一圈有多宽？
# 3. **写代码**：做出练习 1 的两个核，看看猜得对不对。
#
# ??? note "答案"
#     1. 前者取 3×3 的平均，照片变糊。后者是“两倍原图减去模糊”，照片变锐，边缘两侧出现亮边和暗边。
#     2. 两圈。边上两圈像素的核有一部分落在 0 上，所以暗边宽 2 格。
#     3. 代码在下面。锐化之后有的像素小于 0 或大于 1，显示之前要截断。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: replace `rows` by a kernel of 1/9 everywhere. What becomes of the photograph? And with 2 − 1/9 in the centre and −1/9 elsewhere?
# 2. With a 5×5 kernel and `padding="same"`, how many rings of zeros are added? How wide is the darkened rim of the output?
# 3. **Write code**: build the two kernels of exercise 1, and see whether you were right.
#
# ??? note "Answers"
#     1. The first averages over 3×3 and blurs. The second is twice the picture minus its blur: it sharpens, and leaves a light and a dark fringe along each edge.
#     2. Two. For pixels in the outer two rings a part of the kernel lies on zeros, so the rim is two cells wide.
#     3. The code is below. Sharpening takes some pixels below 0 or above 1, so clamp before you show them.

# %% tags=["fold"]
# alt zh: 三张灰度图像：原来的人像，变糊的，变锐的
# alt en: Three grey pictures: the portrait, blurred, sharpened
blur = torch.full((3, 3), 1 / 9).double()
sharpen = -blur
sharpen[1, 1] += 2
blurred, sharpened = cross_correlate2d(photo, blur), cross_correlate2d(photo, sharpen)
show(photo=photo, blurred=blurred, sharpened=sharpened.clamp(0, 1))
