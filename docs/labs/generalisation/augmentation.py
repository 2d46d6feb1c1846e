# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.6 实验：看变换，看网络改主意 { #augmentation-lab }
#
# 先看各种增强之后的图，再训练两个小网络，看一个见过旋转的网络和一个没见过的，在图慢慢转动时怎样改主意。先读[正文](../../generalisation/augmentation.md)。

# %% [markdown] lang="en"
# # 5.16.6 Lab: look at the changes, see a network change its mind { #augmentation-lab }
#
# Look at images under each augmentation, then train two small networks and see how one that knows rotations and one that does not change their minds as an image turns. Read [the section](../../generalisation/augmentation.md) first.

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
# 同一张图变八次。每一行的最后两种把别的图混进来，标签写在图上方：两类各占多少。

# %% [markdown] lang="en"
# ## After the change { #looks }
#
# One image changed eight times. The last two rows mix another one in; above each image stands its label, the share of each class.

# %%
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
# 一个照原样训练，一个旋转至多 30°。在自己的循环里，增强只是一行。

# %% [markdown] lang="en"
# ## Train two networks { #train }
#
# One as it is, one with rotations of up to 30°. In a loop of your own, augmentation is one line.


# %%
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
# ## 图转起来 { #turn }
#
# 把测试图像转过不同的角度，看还认得多少。没见过旋转的网络掉得快；见过的在 ±30° 之内掉得慢，再往外，它也一样没见过。

# %% [markdown] lang="en"
# ## The image turns { #turn }
#
# Turn the test images by several angles and see how many are still recognised. The network that knows no rotations falls fast; the other holds on within ±30°, and beyond that it has seen no more than the first.

# %%
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
axis.axvspan(-30, 30, color="0.92")
axis.set(xlabel="angle", ylabel="share that is right")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. `RandomFlip(p=1.0)` 与 `p=0.5` 有什么不同？测试图像是正的，哪一个更合适？
# 2. 混合标签时，标签各份之和为什么总是 1？
#
# ??? note "答案"
#     1. `p=1.0` 让网络从没见过原来的图；`p=0.5` 两种都见得到，更合适。
#     2. $\lambda y_a+(1-\lambda)y_b$ 的各份之和是 $\lambda+(1-\lambda)=1$。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. How does `RandomFlip(p=1.0)` differ from `p=0.5`, and which suits upright test images better?
# 2. Why do the shares of a mixed label always add up to 1?
#
# ??? note "Answers"
#     1. With `p=1.0` the network never sees an image as it is; with `p=0.5` it sees both, which suits better.
#     2. The shares of $\lambda y_a+(1-\lambda)y_b$ add up to $\lambda+(1-\lambda)=1$.
