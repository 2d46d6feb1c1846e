# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.4 上机：凭损失找出错标签 { #objective-lab }
#
# 故意把三成的训练标签改错，分别用交叉熵和平方误差训练，看哪些样本在拉网络，再按损失把错标签找出来。先读[正文](../../generalisation/objective.md)。

# %% [markdown] lang="en"
# # 5.16.4 Lab: find the wrong labels by their loss { #objective-lab }
#
# Make three in ten training labels wrong, train with cross-entropy and with squared error, see which examples pull at the network, and find the wrong labels by their loss. Read [the section](../../generalisation/objective.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.objective import brier_loss, gradient_size

data = load("fashion-mnist-mini")
test_x, test_y = data.test_images.float() / 255, data.test_labels
generator = torch.Generator().manual_seed(0)
rows = torch.randperm(5000, generator=generator)[:500]
x, y = data.train_images[rows].float() / 255, data.train_labels[rows]
wrong = torch.rand(len(y), generator=generator) < 0.3
y = torch.where(wrong, (y + torch.randint(1, 10, y.shape, generator=generator)) % 10, y)
print("wrong labels:", int(wrong.sum()), "of", len(y))

# %% [markdown] lang="zh"
# ## 训练 { #train }
#
# 两种损失各训练 60 步和 500 步。错标签只占三成，可是梯度里它们占了多少？哪一种损失里占得更多？

# %% [markdown] lang="en"
# ## Train { #train }
#
# Train with each loss for 60 and for 500 steps. Three labels in ten are wrong, but what share of the gradients is theirs? And with which loss is it larger?


# %% tags=["predict"]
def trained(loss, steps):
    torch.manual_seed(0)
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(8 * 14 * 14, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(steps):
        batch = torch.randint(len(x), (32,))
        optimizer.zero_grad()
        loss(network(x[batch]), y[batch]).backward()
        optimizer.step()
    return network


for steps in (60, 500):
    for loss in (F.cross_entropy, brier_loss):
        network = trained(loss, steps)
        accuracy = (network(test_x).argmax(1) == test_y).float().mean().item()
        pulls = gradient_size(loss, network(x), y)
        share = (pulls[wrong].sum() / pulls.sum()).item()
        name = f"{loss.__name__:13} step {steps:3}"
        print(f"{name}: accuracy {accuracy:.2f}, the wrong labels' share of the pull {share:.2f}")

# %% [markdown] lang="zh"
# 训练得越久，剩下的拉力就越多地来自错标签。平方误差隔着 softmax，对错得离谱的样本拉得轻一些，错标签占得也就少一些。

# %% [markdown] lang="en"
# The longer the training, the more of the pull that is left comes from wrong labels. Squared error behind a softmax pulls less at examples that are hopelessly wrong, so wrong labels have a smaller share.

# %% [markdown] lang="zh"
# ## 按损失排队 { #ranking }
#
# 把样本按交叉熵从大到小排，取最前面的 100 个。训练 60 步就停，里面有多少是标错的？训练 500 步呢？

# %% [markdown] lang="en"
# ## Rank by loss { #ranking }
#
# Rank the examples by their cross-entropy, and take the first 100. How many of them are mislabelled if you stop after 60 steps, before the network has memorised the wrong labels? And after 500?

# %% tags=["predict"]
# alt zh: 60 步之后各样本损失的直方图，标签正确的堆在左边，标错的堆在右边，中间有些重叠
# alt en: Histogram of the losses after 60 steps: examples with right labels on the left, with wrong labels on the right, and some overlap between
for name, steps in (("early", 60), ("late", 500)):
    each = F.cross_entropy(trained(F.cross_entropy, steps)(x), y, reduction="none").detach()
    first = each.argsort(descending=True)[:100]
    print(f"{name}: of the 100 examples with the largest loss, {int(wrong[first].sum())} are mislabelled")

early = trained(F.cross_entropy, 60)
each = F.cross_entropy(early(x), y, reduction="none").detach()
figure, axis = plt.subplots(figsize=(4.8, 3.2))
axis.hist([each[~wrong], each[wrong]], bins=20, stacked=True, label=["right label", "wrong label"])
axis.set(xlabel="loss after 60 steps", ylabel="examples")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把损失换成不经 softmax 的平方误差，错标签的拉力占得更多还是更少？
# 2. 一个样本标错了，网络给这个错标签的概率是 0.01。交叉熵和平方误差的拉力大约差多少倍（两类）？
# 3. **写代码**：用 `lambda z, t: brier_loss(z, t, softmax=False)` 训练 60 步，验证练习 1。
#
# ??? note "答案"
#     1. 更多：拉力与误差成正比，错标签的误差最大。
#     2. 交叉熵 $\sqrt 2\cdot 0.99\approx 1.40$，平方误差 $4\sqrt 2\cdot 0.99^2\cdot 0.01\approx 0.055$，相差约 25 倍。
#     3. 代码在下面，比较的是 60 步之后的两个数。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: replace the loss by squared error without softmax. Do the wrong labels have more of the pull, or less?
# 2. An example is mislabelled, and the network gives the wrong label a probability of 0.01. By what factor do the pulls of cross-entropy and squared error differ (two classes)?
# 3. **Write code**: train for 60 steps with `lambda z, t: brier_loss(z, t, softmax=False)`, and check exercise 1.
#
# ??? note "Answers"
#     1. More: the pull is proportional to the error, and wrong labels have the largest errors.
#     2. Cross-entropy $\sqrt 2\cdot 0.99\approx 1.40$, squared error $4\sqrt 2\cdot 0.99^2\cdot 0.01\approx 0.055$: about 25 times.
#     3. The code is below. Compare the numbers after 60 steps.


# %% tags=["fold"]
def plain_square(z, t):
    return brier_loss(z, t, softmax=False)


for name, loss in {"with softmax": brier_loss, "without": plain_square}.items():
    network = trained(loss, 60)
    pulls = gradient_size(loss, network(x), y)
    print(f"{name:12} the wrong labels' share of the pull {(pulls[wrong].sum() / pulls.sum()).item():.2f}")
