# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.2 实验：破坏不变性，再修好它 { #differences-lab }
#
# 不用训练，随机权重的网络就能说明问题：平移一格，输出变多少？先读[正文](../../domains/differences.md)。

# %% [markdown] lang="en"
# # 5.17.2 Lab: break invariance, and restore it { #differences-lab }
#
# Random weights are enough to see it, nothing is trained: how much does an output change when the image moves by a pixel? Read [the section](../../domains/differences.md) first.

# %%
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
# 把像素重排，相邻像素的相关就没有了；把 4×4 的块整块重排，块内的还在：

# %% [markdown] lang="en"
# ## Neighbours { #neighbours }
#
# With the pixels in another order, neighbours are correlated no longer; with whole blocks of 4×4 in another order, those within a block still are:

# %%
for patch in (32, 4, 1):
    moved = permute_pixels(images, patch_order(32, patch, generator=torch.Generator().manual_seed(1)))
    print(patch, [f"{rho:.2f}" for rho in autocorrelation(moved, [1, 2, 4, 8]).tolist()])

# %% [markdown] lang="zh"
# ## 试一试 { #exercises }
#
# 1. 把步长 4 换成两次步长 2，曲线的周期变了吗？
# 2. 全局最大换成全局平均（`AdaptiveAvgPool2d`），模糊还有用吗？为什么？
# 3. 核多大，`BlurPool2d` 才够？试 1、3、5、7、15。

# %% [markdown] lang="en"
# ## Try it { #exercises }
#
# 1. Replace the stride of 4 by two of 2. Does the period of the curve change?
# 2. Replace the global maximum by the mean (`AdaptiveAvgPool2d`). Is the blur still of use, and why?
# 3. How large a kernel does `BlurPool2d` need? Try 1, 3, 5, 7, 15.
