# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.14.3 上机：格纹从哪里来 { #checkerboard-lab }
#
# 先猜一个核平不平；再在真实的照片上看各种上采样层画出的格纹，量它，修它；最后在梯度里找到同样的东西。先读[正文](../../convolution/checkerboard.md)。

# %% [markdown] lang="en"
# # 5.14.3 Lab: where the lattice comes from { #checkerboard-lab }
#
# Guess whether a kernel is flat; see, measure and remove the lattices of upsampling layers on a real photograph; and find the same pattern in gradients. Read [the section](../../convolution/checkerboard.md) first.

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
# 下面六个核，旁边写着步长。哪些是平的？先在纸上算出各相位之和。

# %% [markdown] lang="en"
# ## Guess first { #guess }
#
# Which of these six kernels are flat at the stride beside them? Work out the phase sums on paper first.

# %% tags=["predict"]
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
# 权重是随机的正数，所以放大之后仍然认得出是照片。八种层里，哪些会画出格纹？标题里的数是相位占比，也就是方差里由位置解释的那一份。

# %% [markdown] lang="en"
# ## One photograph, eight layers { #photograph }
#
# The weights are random and positive, so that the result is still a photograph. Which of the eight layers paint a lattice? The titles give the phase share, the part of the variance that the position explains.

# %% tags=["predict"]
# alt zh: 人像的同一块由八种层放大：k3、k4 的转置卷积和亚像素布满细格子；平衡的只在明暗交界处有些细点；带 ICNR 的亚像素、接模糊的和两种先放大再卷积的都光滑
# alt en: One patch of the portrait, enlarged by eight layers: both transposed convolutions and the plain sub-pixel layer are covered by a fine grid; the balanced one has some specks along edges; sub-pixel with ICNR, blurred and both resized ones are smooth
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
# 步长为 2 的格纹，频率是 1/2，在频谱的最右端。看看哪些曲线在那里翘起来。

# %% [markdown] lang="en"
# ## Spectra { #spectrum }
#
# A lattice of period 2 has the frequency 1/2, at the right end of the spectrum. See which curves turn up there.

# %%
# alt zh: 四条功率谱，纵轴是对数：k4 的转置卷积和亚像素在右端频率 1/2 处翘起尖峰；平衡的右半段略微抬高，但没有尖峰；最近邻的一路下降
# alt en: Four power spectra on a logarithmic axis: the transposed convolution with k4 and the sub-pixel layer rise to a peak at the right end, at frequency 1/2; the balanced layer rises a little without a peak; nearest keeps falling
figure, axis = plt.subplots(figsize=(8, 3.6))
for name in ("transposed k4", "sub-pixel", "balanced", "nearest + conv"):
    power = power_spectrum(enlarged[name] / enlarged[name].std())
    frequency = torch.linspace(0, 0.5, len(power))
    ratio = lattice_spectrum(enlarged[name], 2)
    axis.semilogy(frequency[1:], power[1:], label=f"{name}: {ratio:.2g}", linewidth=1)
axis.set_xlabel("frequency (cycles per pixel)")
axis.set_ylabel("power")
axis.legend(fontsize=8)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 修一个层 { #mend }
#
# 不换层，只把权重换成离它最近的、干净到一阶（常数）或二阶（斜坡）的那个。整张图像的相位占比和 8×8 小块里的相位占比都打印出来；最后一行是照片自己的，它没有格纹。修到一阶，照片里就处处干净了吗？

# %% [markdown] lang="en"
# ## Fix a layer { #mend }
#
# Keep the layer, and replace its weight by the nearest one that is clean to order 1 (constants) or 2 (ramps). Printed are the phase share of the whole image and that of tiles of 8×8; the last line is the photograph itself, which has no lattice. After order 1, is the photograph clean everywhere?

# %% tags=["predict"]
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
# 三个两层的随机网络，先打印每个像素被用到的次数，再画显著图：核 3、核 4、平衡过的核 4。用到的次数相同，格纹就没有了吗？

# %% [markdown] lang="en"
# ## The lattice in gradients { #gradient }
#
# Three random networks of two layers. First see how often each pixel is used, then the saliency maps with kernels of 3, of 4, and of 4 balanced. If all pixels are used equally often, is the lattice gone?


# %% tags=["predict"]
# alt zh: 三张显著图：核 3 的有明显的格子，核 4 的格子弱一些但还在，平衡过的看不出格子
# alt en: Three saliency maps: a marked grid with k=3, a weaker one with k=4, and none to be seen with k=4 balanced
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
# 1. **先猜**：把“修一个层”里的核改成 3×3（`padding=1`，`output_padding=1`），格纹修得好吗？权重要动得多一些，还是少一些？
# 2. 步长 3 的核 `[a, b, c, d]` 在什么条件下是平的？
# 3. 给 `SubPixel` 的 ICNR 权重取绝对值之后，它还是平的吗？为什么？
# 4. **写代码**：用 `balance_phases` 验证练习 1，再用 `is_balanced` 验证你给练习 2 找的核。
#
# ??? note "答案"
#     1. 修得好。3 不能被 2 整除，但四个相位都有权重，`balance_phases` 照样有解。动的幅度比 4×4 时大，因为一个相位有四个权重，另一个只有一个，要把两者拉平。
#     2. 各相位之和是 a + d、b、c，所以要 a + d = b = c，例如 `[1, 3, 3, 2]`。
#     3. 还是平的。四个相位用的是同一个核，取绝对值之后仍然是同一个。只要对每个相位做同样的事，ICNR 就不会被破坏；训练做的却不是同样的事。
#     4. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: change the kernel in “Fix a layer” to 3×3 (`padding=1`, `output_padding=1`). Can the lattice be removed? Must the weight move further or less far?
# 2. At stride 3, when is the kernel `[a, b, c, d]` flat?
# 3. Is `SubPixel` with ICNR still flat after its weights have been replaced by their absolute values? Why?
# 4. **Write code**: check exercise 1 with `balance_phases`, and the kernel that you found in exercise 2 with `is_balanced`.
#
# ??? note "Answers"
#     1. It can. The stride does not divide 3, but all four phases have weights, and that is all `balance_phases` needs. The weight moves further than with 4×4, as a phase of four weights has to be levelled with a phase of one.
#     2. The phase sums are a + d, b and c, so a + d = b = c, for instance `[1, 3, 3, 2]`.
#     3. It is. All four phases have one and the same kernel, and still do. ICNR survives whatever is done to all phases alike; training does not treat them alike.
#     4. The code is below.

# %% tags=["fold"]
for size in (3, 4):
    torch.manual_seed(0)
    weight = torch.rand(1, 1, size, size)
    fixed = balance_phases(weight, 2)
    moved = (fixed - weight).norm() / weight.norm()
    print(f"{size}×{size}: moved by {moved:.0%}, balanced: {is_balanced(fixed[0, 0], stride=2)}")
kernel = torch.tensor([1.0, 3.0, 3.0, 2.0])
print(phase_sums(kernel, stride=3).tolist(), is_balanced(kernel, stride=3))
