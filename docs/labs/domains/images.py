# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.3 上机：一张图像，从像素到答案 { #images-lab }
#
# 把自己画的图像变成张量，训练一个小 CNN 和一个多层感知机（MLP），再故意把预处理做错，看它们怎么出错。先读[正文](../../domains/images.md)。

# %% [markdown] lang="en"
# # 5.17.3 Lab: a picture, from pixels to an answer { #images-lab }
#
# Turn a picture of your own into a tensor, train a small CNN and a multilayer perceptron (MLP), then get the preprocessing wrong on purpose, and see what they make of it. Read [the section](../../domains/images.md) first.

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
#
# 三个网络：逻辑回归、多层感知机、CNN。先猜哪个参数最多，哪个准确率最高。

# %% [markdown] lang="en"
# ## Train { #train }
#
# Three networks: logistic regression, an MLP and a CNN. Guess which has the most parameters, and which the highest accuracy.


# %% tags=["predict"]
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
# ## 预处理做错了 { #wrong }
#
# 同样训练好的网络，同样的测试图像，只是预处理不同：不缩放到 0–1，黑白反转，转 90°，向右平移 3 格。哪一种最伤？哪个网络最怕平移？

# %% [markdown] lang="en"
# ## Preprocessed wrongly { #wrong }
#
# The same trained networks and the same test images, but other preprocessing: not scaled to 0–1, inverted, turned by 90°, moved right by 3 pixels. Which hurts most, and which network minds the move most?

# %% tags=["predict"]
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
# ## 自己的图像 { #own }
#
# 白纸上画一条深色的裤子，比训练图像大得多，还是彩色的。要做哪几步，它才像 Fashion-MNIST？先列出来，再看 `prepare` 做了什么。

# %% [markdown] lang="en"
# ## A picture of your own { #own }
#
# Dark trousers on white paper, much larger than the training images and in colour. Which steps make it look like Fashion-MNIST? List them, then see what `prepare` says it did.

# %% tags=["predict"]
paper = torch.full((300, 400, 3), 255, dtype=torch.uint8)
paper[30:270, 130:180] = paper[30:270, 220:270] = paper[30:90, 130:270] = torch.tensor([40, 60, 160], dtype=torch.uint8)
x, done = prepare(to_tensor(paper))
print("; ".join(done))
with torch.no_grad():
    chances = networks["CNN"](normalise(x, **how)).softmax(-1)[0]
for chance, place in zip(*chances.topk(3)):
    print(f"{chance:6.1%}", data.card.classes["en"][int(place)])

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：跳过 `prepare`，只把图像缩到 28×28（`F.interpolate`），不反转黑白。网络还认得吗？
# 2. 把图像向右平移 0 到 6 格，哪个网络的准确率掉得最多？
# 3. **写代码**：验证练习 1；再画一个网络没学过的东西，比如一个圆，看它有多自信。
#
# ??? note "答案"
#     1. 靠不住：训练时背景是黑的，现在几乎每个像素都亮着，与它学过的任何一类都不像。
#     2. 3 格以内是逻辑回归和多层感知机：它们的权重各管一个像素；CNN 的核处处共用，池化又容得下小小的移动。到了 4 格以上，CNN 掉得一样多：它末尾的线性层也是各管一处的。循环 `test.roll(r, 3)` 就能看到。
#     3. 代码在下面。softmax 总要把 1 分给十个类，所以没见过的东西也会得到一个自信的答案；自信不等于认得。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: leave `prepare` out, and only resize the picture to 28×28 (`F.interpolate`) without inverting it. Does the network still know it?
# 2. Move the images right by 0 to 6 pixels. Which networks lose most?
# 3. **Write code**: check exercise 1. Then draw something the network has never seen, a circle for instance, and see how sure it is.
#
# ??? note "Answers"
#     1. You cannot rely on it: in training the background was black, and now nearly every pixel is lit, which is like no class it has learned.
#     2. Up to 3 pixels logistic regression and the MLP: each of their weights belongs to one pixel, while a CNN uses its kernels everywhere, and pooling tolerates small moves. From 4 on the CNN loses as much: the weights of its linear layer belong to places, too. Loop over `test.roll(r, 3)` to see it.
#     3. The code is below. Softmax always spreads a total of 1 over the ten classes, so something unknown gets a confident answer too. To be sure is not to know.


# %% tags=["fold"]
def answers(picture, name):
    with torch.no_grad():
        chances = networks["CNN"](normalise(picture, **how)).softmax(-1)[0]
    print(f"{name:24}", *(f"{c:.1%} {data.card.classes['en'][int(place)]}; " for c, place in zip(*chances.topk(3))))


grey = to_tensor(paper).mean(1, keepdim=True)
answers(F.interpolate(grey, (28, 28), mode="bilinear", antialias=True), "trousers, only resized")
rows, columns = torch.meshgrid(torch.arange(28) - 13.5, torch.arange(28) - 13.5, indexing="ij")
answers((rows.hypot(columns) < 10).float()[None, None], "circle")
