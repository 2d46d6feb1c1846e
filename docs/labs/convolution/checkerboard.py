# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.14.3 实验：格纹从哪里来 { #checkerboard-lab }
#
# 先猜一个核平不平，再用真实的照片看各种上采样层的格纹，量它，修它，最后在梯度里找到同样的东西。先读[正文](../../convolution/checkerboard.md)。

# %% [markdown] lang="en"
# # 5.14.3 Lab: where the lattice comes from { #checkerboard-lab }
#
# Guess whether a kernel is flat, see the lattices of upsampling layers on a real photograph, measure them, balance one, and find the same thing in gradients. Read [the section](../../convolution/checkerboard.md) first.

# %%
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib import cbook
from torch import nn

from cnnbook.convolution.checkerboard import (
    balance_phases,
    gradient_overlap,
    input_gradient,
    is_balanced,
    lattice_spectrum,
    local_phase_share,
    phase_share,
    phase_sums,
    power_spectrum,
)
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
)

# %% [markdown] lang="zh"
# ## 先猜，再算 { #guess }
#
# 下面六个核，哪些是平的？步长写在旁边。先在纸上把相位之和算出来。

# %% [markdown] lang="en"
# ## Guess first { #guess }
#
# Which of these six kernels are flat? The stride stands beside. Work out the phase sums on paper first.

# %%
for taps, stride in (
    ([1, 3, 3, 1], 2),
    ([1, 2, 2, 1], 2),
    ([1, 2, 3, 1], 2),
    ([1, 2, 3, 2, 1], 3),
    ([1, 1, 1, 1], 3),
    ([-1, 0, 9, 16, 9, 0, -1], 2),
):
    kernel = torch.tensor(taps, dtype=torch.float64)
    flat = "flat" if is_balanced(kernel, stride) else "not flat"
    print(f"{taps!s:27} s={stride}  {phase_sums(kernel, stride).tolist()}  {flat}")

# %% [markdown] lang="zh"
# ## 一张照片，八种层 { #photograph }
#
# 权重是随机的正数，所以放大之后仍然认得出是照片。标题里是相位占比：位置解释了多少方差。

# %% [markdown] lang="en"
# ## One photograph, eight layers { #photograph }
#
# The weights are random and positive, so that the result is still a photograph. In the titles is the phase share: how much of the variance the position explains.

# %%
with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = torch.tensor(plt.imread(file).copy()).float().mean(dim=2) / 255
photo = F.avg_pool2d(photo[None, None], 4)
print("photograph", tuple(photo.shape), f"phase share {phase_share(photo, 2).item():.6f}")

kinds = {
    "transposed k3": lambda: TransposedUpsample(1, 1, 2, kernel_size=3),
    "transposed k4": lambda: TransposedUpsample(1, 1, 2, kernel_size=4),
    "sub-pixel": lambda: SubPixel(1, 1, 2),
    "sub-pixel, ICNR": lambda: SubPixel(1, 1, 2, icnr=True),
    "balanced": lambda: BalancedTransposedUpsample(1, 1, 2),
    "blurred": lambda: BlurredTransposedUpsample(1, 1, 2),
    "nearest + conv": lambda: ResizeConv(1, 1, 2),
    "bilinear + conv": lambda: ResizeConv(1, 1, 2, mode="bilinear"),
}
enlarged = {}
figure, axes = plt.subplots(2, 4, figsize=(9, 5.2))
for axis, (name, make) in zip(axes.flat, kinds.items()):
    torch.manual_seed(0)
    layer = make()
    layer.conv.weight.data.abs_()
    with torch.no_grad():
        enlarged[name] = layer(photo)[0, 0]
    axis.imshow(enlarged[name][20:116, 64:160], cmap="gray")
    axis.set_title(f"{name}: {phase_share(enlarged[name], 2):.4f}", fontsize=9)
    axis.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 频谱 { #spectrum }
#
# 步长 2 的格纹在频率 1/2，也就是频谱的右端。看哪些曲线在那里翘起来。

# %% [markdown] lang="en"
# ## Spectra { #spectrum }
#
# A lattice of stride 2 has the frequency 1/2, the right end of the spectrum. See which curves turn up there.

# %%
figure, axis = plt.subplots(figsize=(8, 3.6))
for name in ("transposed k4", "sub-pixel", "balanced", "nearest + conv"):
    power = power_spectrum(enlarged[name] / enlarged[name].std())
    frequency = torch.linspace(0, 0.5, len(power))
    ratio = lattice_spectrum(enlarged[name], 2)
    axis.semilogy(frequency[1:], power[1:], label=f"{name}: {ratio:.2g}", linewidth=1)
axis.set_xlabel("frequency (cycles a pixel)")
axis.set_ylabel("power")
axis.legend(fontsize=8)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 修一个层 { #mend }
#
# 不换层，只把权重换成离它最近的、干净到一阶（常数）或二阶（斜坡）的那个。整张图的相位占比和 8×8 小块里的都打印出来：对常数干净，不等于在照片的每一处都干净。最后一行是照片自己的，它没有格纹。

# %% [markdown] lang="en"
# ## Balance a layer { #mend }
#
# Keep the layer, and replace its weight by the nearest one that is clean to order 1 (constants) or 2 (ramps). Printed are the phase shares of the whole and of tiles of 8×8: clean for constants is not clean everywhere in a photograph. The photograph itself, which has no lattice, is the last line.

# %%
torch.manual_seed(0)
layer = nn.ConvTranspose2d(1, 1, kernel_size=4, stride=2, padding=1)
layer.weight.data.abs_()
before = layer.weight.data.clone()
for order in (0, 1, 2):
    layer.weight.data = balance_phases(before, 2, order=order) if order else before
    with torch.no_grad():
        output = layer(photo)[0, 0, 2:-2, 2:-2]
    whole, tiles = phase_share(output, 2), local_phase_share(output, 2, tile=8)
    moved = (layer.weight.data - before).norm() / before.norm()
    print(f"order {order}: weight moved by {moved:4.0%}  share {whole:.6f}  in tiles {tiles:.4f}")
print(f"the photograph itself: in tiles {local_phase_share(photo[0, 0], 2, tile=8):.4f}")

# %% [markdown] lang="zh"
# ## 梯度里的格纹 { #gradient }
#
# 两层随机卷积的显著图，以及每个像素被用到的次数。第四张把核平衡过。

# %% [markdown] lang="en"
# ## The lattice in gradients { #gradient }
#
# Saliency maps of two random layers, and how often each pixel is used. For the last, the kernels were balanced.


# %%
def network(k, balanced=False):
    torch.manual_seed(4)
    layers = [nn.Conv2d(1, 8, k, 2, 1), nn.Conv2d(8, 16, k, 2, 1)]
    if balanced:
        for conv in layers:
            conv.weight.data = balance_phases(conv.weight.data, 2)
    return nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU())


print("k=3, used", gradient_overlap(20, 3, 2)[8:16].tolist())
print("k=4, used", gradient_overlap(20, 4, 2)[8:16].tolist())
square = photo[..., 8:136, :]
networks = {"k=3": network(3), "k=4": network(4), "k=4, balanced": network(4, True)}
figure, axes = plt.subplots(1, 3, figsize=(9, 3.4))
for axis, (name, net) in zip(axes, networks.items()):
    saliency = input_gradient(net, square)[0, 0].abs()
    axis.imshow(saliency[32:96, 32:96], cmap="gray")
    axis.set_title(f"{name}: {phase_share(saliency[8:-8, 8:-8], 4):.2f}", fontsize=10)
    axis.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 把“修一个层”里的核改成 3×3（`padding=1`，`output_padding=1`），格纹能修好吗？权重要动多少？
# 2. 步长 3 的核 `[a, b, c, d]` 在什么条件下是平的？
# 3. 把 `SubPixel` 的 ICNR 权重取绝对值之后，它还是平的吗？为什么？
#
# ??? note "答案"
#     1. 能。3 不能被 2 整除，但四个相位都有权重，`balance_phases` 照样找得到解。用 `before` 和修好的权重算一算，动的幅度比 4×4 时大，因为四个权重的相位要与一个权重的相位拉平。
#     2. 相位之和是 a + d、b、c，所以要 a + d = b = c。例如 `[1, 3, 3, 2]`。
#     3. 还是平的：四个相位用的是同一个核，取绝对值之后仍然是同一个。只要对每个相位做同样的事，ICNR 就不会被破坏；训练做的却不是同样的事。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Change the kernel in “Balance a layer” to 3×3 (`padding=1`, `output_padding=1`). Can the lattice be removed? How far must the weight move?
# 2. At stride 3, when is the kernel `[a, b, c, d]` flat?
# 3. Is `SubPixel` with ICNR still flat after its weights were replaced by their absolute values? Why?
#
# ??? note "Answers"
#     1. Yes. The stride does not divide 3, but all four phases have weights, and that is all `balance_phases` needs. Work it out from `before` and the balanced weight: it moves further than with 4×4, as a phase of four weights must be levelled with a phase of one.
#     2. The phase sums are a + d, b and c, so a + d = b = c, for instance `[1, 3, 3, 2]`.
#     3. It is: all four phases have one and the same kernel, and still do. ICNR survives whatever is done to all phases alike; training does not treat them alike.

# %%
kernel = torch.tensor([1.0, 3.0, 3.0, 2.0])
print(phase_sums(kernel, stride=3).tolist(), is_balanced(kernel, stride=3))
