# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.3 实验：一张图，从像素到答案 { #images-lab }
#
# 把一张自己画的图变成张量，训练一个小 CNN 和一个 MLP，再故意把图准备错，看它们怎么出错。先读[正文](../../domains/images.md)。

# %% [markdown] lang="en"
# # 5.17.3 Lab: a picture, from pixels to an answer { #images-lab }
#
# Turn a picture of your own into a tensor, train a small CNN and an MLP, then prepare the picture wrongly on purpose and see what they make of it. Read [the section](../../domains/images.md) first.

# %%
import torch
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.domains.images import cnn, linear, normalise, prepare, to_tensor
from cnnbook.training.networks import mlp

data = load("fashion-mnist-mini")
how = {"mean": data.card.mean, "std": data.card.std}
train, test = (normalise(images / 255, **how) for images in (data.train_images, data.test_images))
print(tuple(train.shape), data.train_images.dtype, "→", train.dtype, f"mean {train.mean():.2f}, std {train.std():.2f}")

# %% [markdown] lang="zh"
# ## 训练 { #train }

# %% [markdown] lang="en"
# ## Train { #train }


# %%
def fit(network, rate, steps=200):
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    for _ in range(steps):
        rows = torch.randint(len(train), (50,))
        loss = F.cross_entropy(network(train[rows]), data.train_labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network.eval()


def accuracy(network, inputs):
    with torch.no_grad():
        return (network(inputs).argmax(1) == data.test_labels).float().mean().item()


torch.manual_seed(0)
networks = {"linear": fit(linear(), 3e-3), "MLP": fit(mlp(12), 1e-2), "CNN": fit(cnn(), 1e-2)}
for name, network in networks.items():
    print(f"{name:7}{sum(p.numel() for p in network.parameters()):6} parameters {accuracy(network, test):.1%}")

# %% [markdown] lang="zh"
# ## 准备错了 { #wrong }
#
# 同一个训练好的网络，同样的测试图像，只是准备的方式不同。

# %% [markdown] lang="en"
# ## Prepared wrongly { #wrong }
#
# The same trained networks and the same test images, prepared in other ways.

# %%
unit = data.test_images / 255
ways = {
    "as trained": test,
    "not scaled": data.test_images.float(),
    "inverted": normalise(1 - unit, **how),
    "turned": test.rot90(1, (2, 3)),
    "moved by 3": test.roll(3, 3),
}
for way, inputs in ways.items():
    print(f"{way:12}", *(f"{name} {accuracy(network, inputs):.1%} " for name, network in networks.items()))

# %% [markdown] lang="zh"
# ## 自己的图 { #own }
#
# 白纸上的深色裤子，比训练图像大得多，还是彩色的。`prepare` 说出它做了什么。

# %% [markdown] lang="en"
# ## A picture of your own { #own }
#
# Dark trousers on white paper, much larger than the training images and in colour. `prepare` says what it does.

# %%
paper = torch.full((300, 400, 3), 255, dtype=torch.uint8)
paper[30:270, 130:180] = paper[30:270, 220:270] = paper[30:90, 130:270] = torch.tensor([40, 60, 160], dtype=torch.uint8)
x, done = prepare(to_tensor(paper))
print("; ".join(done))
with torch.no_grad():
    chances = networks["CNN"](normalise(x, **how)).softmax(-1)[0]
for chance, place in zip(*chances.topk(3)):
    print(f"{chance:6.1%}", data.card.classes["en"][int(place)])

# %% [markdown] lang="zh"
# ## 试一试 { #exercises }
#
# 1. 跳过 `prepare`，只把图缩到 28×28（`F.interpolate`），不反转黑白。网络还认得吗？
# 2. 把图平移几个像素：哪个网络的准确率掉得最多？把 `cnn(mean=True)` 也训练出来比一比。
# 3. 画一个网络没学过的东西，比如一个圆。它有多自信？

# %% [markdown] lang="en"
# ## Try it { #exercises }
#
# 1. Leave `prepare` out: only resize the picture to 28×28 (`F.interpolate`) and do not invert it. Does the network still know it?
# 2. Move the pictures by a few pixels: which network loses most? Train `cnn(mean=True)` too and compare.
# 3. Draw something the network never saw, a circle for instance. How sure is it?
