# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.6 上机：看变换，看网络改主意 { #augmentation-lab }
#
# 先看各种增强之后的图像；再训练两个小网络，一个见过旋转，一个没见过，看它们在图像慢慢转动时怎样改主意。先读[正文](../../generalisation/augmentation.md)。

# %% [markdown] lang="en"
# # 5.16.6 Lab: see the changes, see a network change its mind { #augmentation-lab }
#
# Look at images under each augmentation; then train two small networks, one with rotations and one without, and see how they change their minds as an image turns. Read [the section](../../generalisation/augmentation.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.augmentation import (
    CutMix,
    Cutout,
    Mixup,
    RandomResizedCrop,
    RandomRotation,
    RandomShift,
    rotate,
)

data = load("fashion-mnist-mini")
x, y = data.train_images[:512].float() / 255, data.train_labels[:512]
test_x, test_y = data.test_images.float() / 255, data.test_labels
names = data.card.classes["en"]
print(tuple(x.shape), tuple(test_x.shape))

# %% [markdown] lang="zh"
# ## 变换之后 { #looks }
#
# 每一行是一种增强，作用在同样的八张图像上。最后两行把别的图像混了进来，上方写着标签里两类各占多少。

# %% [markdown] lang="en"
# ## After the change { #looks }
#
# Each row is one augmentation, applied to the same eight images. The last two rows mix another image in; above each image is its label, with the share of either class.

# %%
# alt zh: 六行八列衣物图像：平移，旋转，裁剪放大，挖去一块，两张叠在一起，贴上另一张的一块；后两行上方标着两类的比例
# alt en: Six rows of eight garments: shifted, rotated, cropped and enlarged, with a square cut out, two images blended, and with a patch of another image; the last two rows have the shares of both classes above
torch.manual_seed(0)
layers = [RandomShift(3), RandomRotation(30), RandomResizedCrop((0.4, 1.0)), Cutout(10), Mixup(alpha=1.0), CutMix()]
figure, axes = plt.subplots(len(layers), 8, figsize=(8, 7.6))
for row, layer in zip(axes, layers):
    images, labels = layer(x[:8], y[:8])
    for k, axis in enumerate(row):
        axis.imshow(images[k, 0], cmap="gray", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        if labels.ndim == 2:
            top = labels[k].topk(2)
            shares = [f"{c}:{s:.2f}" for c, s in zip(top.indices.tolist(), top.values.tolist()) if s > 0.005]
            axis.set_title(" ".join(shares), fontsize=7)
    row[0].set_ylabel(type(layer).__name__, fontsize=7)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 训练两个网络 { #train }
#
# 一个照原样训练，一个每步随机旋转至多 30°。在自己的循环里，增强只是一行。测试图像都是正的，旋转会让准确率变好还是变差？

# %% [markdown] lang="en"
# ## Train two networks { #train }
#
# One is trained on the images as they are, one with random rotations of up to 30°. In a loop of your own, augmentation is one line. The test images are upright: will rotations raise the accuracy or lower it?


# %% tags=["predict"]
def trained(augment, steps=500):
    torch.manual_seed(0)
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    order = torch.Generator().manual_seed(0)
    for _ in range(steps):
        rows = torch.randint(len(x), (32,), generator=order)
        inputs, targets = augment(x[rows], y[rows]) if augment else (x[rows], y[rows])
        optimizer.zero_grad()
        F.cross_entropy(network(inputs), targets).backward()
        optimizer.step()
    return network.eval()


networks = {"as it is": trained(None), "rotation ±30°": trained(RandomRotation(30))}
for name, network in networks.items():
    right = (network(test_x).argmax(1) == test_y).float().mean().item()
    print(f"{name}: upright test images {right:.2f}")

# %% [markdown] lang="zh"
# ## 图像转起来 { #turn }
#
# 把测试图像转过 −90° 到 90°，看还认得多少。先画出你猜的两条曲线：转到 30° 时各是多少？转到 90° 时呢？

# %% [markdown] lang="en"
# ## The image turns { #turn }
#
# Turn the test images by −90° to 90°, and see how many are still recognised. Sketch the two curves that you expect: where are they at 30°, and where at 90°?

# %% tags=["predict"]
# alt zh: 两条准确率曲线，横轴是角度，灰带是 ±30°。没见过旋转的是一座尖峰，两边落得快；见过的在灰带里几乎是平的，出了灰带也落下去
# alt en: Two curves of accuracy over the angle, with ±30° in grey. Without rotations it is a narrow peak; with rotations it is nearly flat inside the grey band and falls outside it
angles = list(range(-90, 91, 15))
figure, axis = plt.subplots(figsize=(5.2, 3.4))
with torch.no_grad():
    for name, network in networks.items():
        scores = []
        for angle in angles:
            turned = rotate(test_x, torch.full((len(test_x),), float(angle)))
            scores.append((network(turned).argmax(1) == test_y).float().mean().item())
        axis.plot(angles, scores, "o-", label=name)
        print(f"{name}: at 30° {scores[angles.index(30)]:.2f}, at 90° {scores[angles.index(90)]:.2f}")
axis.axvspan(-30, 30, color="0.5", alpha=0.15)
axis.set(xlabel="angle", ylabel="share that is right")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：`RandomFlip(p=1.0)` 与 `p=0.5` 有什么不同？测试图像没有翻转，哪一个更合适？
# 2. 混合标签时，标签各份之和为什么总是 1？
# 3. **写代码**：旋转至多 90° 训练一个网络，它在 0° 和 90° 的准确率各是多少？
#
# ??? note "答案"
#     1. `p=1.0` 让网络从没见过原来的图像；`p=0.5` 两种都见得到，更合适。
#     2. $\lambda y_a+(1-\lambda)y_b$ 的各份之和是 $\lambda+(1-\lambda)=1$。
#     3. 代码在下面。90° 认得多了，0° 却要付出代价：同样的步数，要学的样子多了。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: how does `RandomFlip(p=1.0)` differ from `p=0.5`, and which is better if the test images are not flipped?
# 2. Why do the shares of a mixed label always add up to 1?
# 3. **Write code**: train a network with rotations of up to 90°. What is its accuracy at 0° and at 90°?
#
# ??? note "Answers"
#     1. With `p=1.0` the network never sees an image as it is; with `p=0.5` it sees both, which is better.
#     2. The shares of $\lambda y_a+(1-\lambda)y_b$ add up to $\lambda+(1-\lambda)=1$.
#     3. The code is below. It recognises more at 90°, and pays for it at 0°: there is more to learn in the same steps.

# %% tags=["fold"]
network = trained(RandomRotation(90))
with torch.no_grad():
    for angle in (0.0, 90.0):
        turned = rotate(test_x, torch.full((len(test_x),), angle))
        print(f"rotation ±90°: at {angle:.0f}° {(network(turned).argmax(1) == test_y).float().mean():.2f}")
