# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.8 上机：屏蔽与把握 { #dropout-lab }
#
# 在真实的图像上看三种掩码，再训练两个小网络，看 dropout 怎样改变它们对自己预测的把握。先读[正文](../../generalisation/dropout.md)。

# %% [markdown] lang="en"
# # 5.16.8 Lab: masks and confidence { #dropout-lab }
#
# See the three masks on a real image, then train two small networks, and see what dropout does to their confidence. Read [the section](../../generalisation/dropout.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.dropout import DropBlock2d, Dropout, Dropout2d

data = load("fashion-mnist-mini")
train_x, train_y = data.train_images[:512].float() / 255, data.train_labels[:512]
test_x, test_y = data.test_images.float() / 255, data.test_labels
print(tuple(train_x.shape), tuple(test_x.shape))

# %% [markdown] lang="zh"
# ## 掩码 { #masks }
#
# 把一张衣物图像当作特征图，复制成四个通道，分别逐元素、成块、按整个通道屏蔽一半。哪一种之后你还能一眼认出来？哪一种最难？

# %% [markdown] lang="en"
# ## Masks { #masks }
#
# Take the image of a garment as a feature map, copy it to four channels, and mask half of it: by elements, by blocks, by whole channels. After which can you still recognise it at once, and after which is it hardest?

# %% tags=["predict"]
# alt zh: 三行四列，同一件衣物：逐元素屏蔽的布满小黑点，轮廓仍在；成块屏蔽的缺了几大块；整个通道屏蔽的，有的完好，有的全黑
# alt en: Three rows of four copies of a garment: speckled with black cells, the outline still there, for dropout; with large blocks missing for DropBlock; whole or entirely black for Dropout2d
torch.manual_seed(0)
picture = train_x[:1].expand(1, 4, -1, -1)
layers = {"dropout": Dropout(0.5), "DropBlock 7x7": DropBlock2d(0.5, block_size=7), "Dropout2d": Dropout2d(0.5)}
figure, axes = plt.subplots(3, 4, figsize=(6.4, 5.0))
for row, (name, layer) in zip(axes, layers.items()):
    for axis, channel in zip(row, layer(picture)[0]):
        axis.imshow(channel, cmap="gray", vmin=0, vmax=2)
        axis.set_xticks([])
        axis.set_yticks([])
    row[0].set_ylabel(name)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 训练两个网络 { #train }
#
# 同样的初值、同样的样本顺序，差别只在最后的全连接层前有没有 dropout。准确率和负对数似然，哪一个差得多？一个种子说明不了什么（正文用了十个），这里只看现象。

# %% [markdown] lang="en"
# ## Train two networks { #train }
#
# The same initial weights and the same order of examples; only one of them has dropout before its last layer. Which will differ more, the accuracy or the negative log-likelihood? One seed proves nothing (the section uses ten); this only shows what it looks like.


# %% tags=["predict"]
def trained(p, steps=300):
    torch.manual_seed(0)
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Dropout(p), nn.Linear(64, 10)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    order = torch.Generator().manual_seed(0)
    for _ in range(steps):
        rows = torch.randint(len(train_x), (32,), generator=order)
        optimizer.zero_grad()
        F.cross_entropy(network(train_x[rows]), train_y[rows]).backward()
        optimizer.step()
    return network.eval()


predicted = {}
for p in (0.0, 0.5):
    predicted[p] = trained(p)(test_x).softmax(1).detach()
    likelihood = F.nll_loss(predicted[p].log(), test_y).item()
    right = (predicted[p].argmax(1) == test_y).float().mean().item()
    print(f"p = {p}: accuracy {right:.2f}, negative log-likelihood {likelihood:.2f}")

# %% [markdown] lang="zh"
# ## 把握与对错 { #confidence }
#
# 把预测按把握分成几档，看每一档里真正答对的比例。落在对角线上，把握多大就答对多少；落在下方，就是自信过头。两个网络各在哪里？

# %% [markdown] lang="en"
# ## Confidence and accuracy { #confidence }
#
# Sort the predictions into bins by confidence, and see what share of each bin is right. On the diagonal the network is right as often as it says; below it, it is too sure of itself. Where are the two networks?

# %% tags=["predict"]
# alt zh: 两条折线，横轴是把握，纵轴是答对的比例，点线是对角线。两条大多在对角线下方，彼此交错，用 dropout 的总的说来略高
# alt en: Two lines of the share that is right over confidence, and the dotted diagonal. Both are mostly below it and cross each other; the one with dropout is a little higher on the whole
figure, axis = plt.subplots(figsize=(4.2, 3.8))
for p, probabilities in predicted.items():
    confidence, answer = probabilities.max(1)
    right = (answer == test_y).float()
    bins = (confidence * 10).long().clamp(max=9)
    used = [b for b in range(10) if (bins == b).sum() > 20]
    x = [confidence[bins == b].mean().item() for b in used]
    axis.plot(x, [right[bins == b].mean().item() for b in used], "o-", label=f"p = {p}")
axis.plot([0, 1], [0, 1], ":", color="gray", linewidth=1)
axis.set(xlabel="confidence", ylabel="share that is right", xlim=(0.2, 1), ylim=(0.2, 1))
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把 `network.eval()` 去掉再算准确率，算两次，结果一样吗？比原来高还是低？
# 2. `DropBlock2d` 的 `block_size` 取 1 和 28 时，分别相当于什么？
# 3. **写代码**：验证练习 1；再把训练模式下的一百次预测取平均，看负对数似然怎样。
#
# ??? note "答案"
#     1. 不一样，而且偏低：网络还在随机屏蔽。
#     2. 取 1 就是逐元素的 dropout，取 28（整张图像）掩码就与 Dropout2d 一样，放大的倍数按实际留下的算。
#     3. 代码在下面。许多次随机屏蔽的平均，与不屏蔽的一次预测相近。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: leave out `network.eval()` and compute the accuracy twice. Is it the same both times, and is it higher or lower than before?
# 2. What is `DropBlock2d` with a `block_size` of 1, and of 28?
# 3. **Write code**: check exercise 1. Then average a hundred predictions in training mode, and look at their negative log-likelihood.
#
# ??? note "Answers"
#     1. No, and it is lower: the network still masks at random.
#     2. With 1 it is dropout of single elements; with 28, the whole map, its mask is that of Dropout2d, while its factor is by what was really kept.
#     3. The code is below. The mean over many random masks is close to one prediction without any.

# %% tags=["fold"]
network = trained(0.5).train()
with torch.no_grad():
    for _ in range(2):
        print(f"still masking: accuracy {(network(test_x).argmax(1) == test_y).float().mean():.3f}")
    mean = sum(network(test_x).softmax(1) for _ in range(100)) / 100
print(f"mean of 100: accuracy {(mean.argmax(1) == test_y).float().mean():.3f}", end=", ")
print(f"negative log-likelihood {F.nll_loss(mean.log(), test_y):.2f}")
