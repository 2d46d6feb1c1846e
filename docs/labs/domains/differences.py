# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.2 上机：破坏不变性，再修好它 { #differences-lab }
#
# 不用训练，随机权重的网络就能说明问题：图像平移一格，输出变多少？先破坏不变性，再修好它，最后把像素打乱，看邻居之间还剩下什么。先读[正文](../../domains/differences.md)。

# %% [markdown] lang="en"
# # 5.17.2 Lab: break invariance, and repair it { #differences-lab }
#
# Nothing is trained here, random weights are enough: how much does an output change when the image moves by a pixel? Break the invariance, repair it, then shuffle the pixels and see what is left between neighbours. Read [the section](../../domains/differences.md) first.

# %% [markdown] lang="zh"
# ## 平移一格 { #shift }
#
# 四个网络，末尾都取全局最大：循环填充、步长 1；补零、步长 1；循环填充、步长 4；循环填充、先模糊再取步长 4。图像向右平移 0 到 8 格（出去的从左边回来）。哪些网络的输出纹丝不动？哪一条曲线有周期，周期是几？

# %% [markdown] lang="en"
# ## Move by a pixel { #shift }
#
# Four networks, all of which end with a global maximum: circular padding and stride 1; zero padding and stride 1; circular padding and stride 4; circular padding, with a blur before the stride of 4. The images move to the right by 0 to 8 pixels, and what leaves comes back on the left. Which outputs do not change at all? Which curve is periodic, and what is its period?

# %% tags=["predict"]
# alt zh: 四条曲线，横轴是向右平移的格数，纵轴是输出的相对变化：循环填充、步长 1 恒为零；补零的大体随平移变大；步长 4 的在 0、4、8 格回到零，其间最高；先模糊的也这样起伏，但低得多
# alt en: Four curves of the relative change of the output over the shift: circular with stride 1 stays at zero; with zeros it grows on the whole; stride 4 is highest and returns to zero at 0, 4 and 8; with a blur it does so too, but stays far lower
import matplotlib.pyplot as plt
import torch
from torch import nn

from cnnbook.data.catalogue import load
from cnnbook.domains.differences import BlurPool2d, autocorrelation, patch_order, permute_pixels, shift

images = torch.nn.functional.pad(load("fashion-mnist-mini").test_images[:50].float() / 255, (2, 2, 2, 2))


def network(padding: str, stride: int, last: nn.Module) -> nn.Sequential:
    torch.manual_seed(0)
    conv = nn.Conv2d(1, 16, 5, stride=stride, padding=2, padding_mode=padding)
    return nn.Sequential(conv, nn.ReLU(), last, nn.AdaptiveMaxPool2d(1), nn.Flatten())


networks = {
    "circular, stride 1": network("circular", 1, nn.Identity()),
    "zeros, stride 1": network("zeros", 1, nn.Identity()),
    "circular, stride 4": network("circular", 4, nn.Identity()),
    "circular, blur, stride 4": network("circular", 1, BlurPool2d(7, 4, "circular")),
}
for name, net in networks.items():
    with torch.no_grad():
        still = net(images)
        change = [float((net(shift(images, right=r)) - still).norm() / still.norm()) for r in range(9)]
    plt.plot(change, label=name)
    print(f"{name:26}", " ".join(f"{one:.3f}" for one in change))
plt.xlabel("pixels to the right")
plt.ylabel("relative change of the output")
plt.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 邻居 { #neighbours }
#
# 图像先不动，再把 4×4 的块整块重排，最后把单个像素重排。三行依次打印相隔 1、2、4、8 格的自相关。猜一猜，第二行里哪些还留着？

# %% [markdown] lang="en"
# ## Neighbours { #neighbours }
#
# First the images as they are, then whole blocks of 4×4 in another order, then single pixels in another order. Each row prints the autocorrelation at distances of 1, 2, 4 and 8 pixels. Guess what is left in the second row.

# %% tags=["predict"]
for patch in (32, 4, 1):
    moved = permute_pixels(images, patch_order(32, patch, generator=torch.Generator().manual_seed(1)))
    print(patch, [f"{rho:.2f}" for rho in autocorrelation(moved, [1, 2, 4, 8]).tolist()])

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把步长 4 换成两层步长 2，曲线的周期会变吗？
# 2. 全局最大换成全局平均（`AdaptiveAvgPool2d`），模糊还有用吗？为什么？
# 3. **写代码**：`BlurPool2d` 的核取 1、3、5、7、15，打印平移 2 格时输出的变化。核多大才够？
#
# ??? note "答案"
#     1. 不变，仍然是 4：只有平移总步长的整数倍，每一格才看到同样的东西。
#     2. 仍然有用。平均要每一格都算进去，可是步长 4 只留下十六分之一的格子，平移之后留下的是另一批；先模糊，这两批才差不多。
#     3. 代码在下面。核取 1 等于没有模糊，以后每大一些，变化就小一些；再大下去，省下的就不多了，细节却丢得更多。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: replace the stride of 4 by two layers of stride 2. Does the period of the curve change?
# 2. Replace the global maximum by the mean (`AdaptiveAvgPool2d`). Is the blur still useful, and why?
# 3. **Write code**: give `BlurPool2d` kernels of 1, 3, 5, 7 and 15, and print the change of the output at a shift of 2. How large a kernel is enough?
#
# ??? note "Answers"
#     1. No, it is still 4. Only if the shift is a multiple of the total stride does every place see the same as before.
#     2. It is. The mean counts every place, but a stride of 4 keeps a sixteenth of them, and after a shift others are kept; it takes a blur to make the two lots alike.
#     3. The code is below. A kernel of 1 is no blur at all, and the change shrinks as the kernel grows; beyond a certain size little is gained, and more detail is lost.

# %% tags=["fold"]
for kernel in (1, 3, 5, 7, 15):
    net = network("circular", 1, BlurPool2d(kernel, 4, "circular"))
    with torch.no_grad():
        still, moved = net(images), net(shift(images, right=2))
    print(f"kernel {kernel:2}: change {(moved - still).norm() / still.norm():.4f}")
