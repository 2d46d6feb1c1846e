# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.4 实验：凭损失找出错标签 { #objective-lab }
#
# 故意把三成的训练标签改错，分别用交叉熵和平方误差训练，看哪些样本在拉网络，再按损失把错标签找出来。先读[正文](../../generalisation/objective.md)。

# %% [markdown] lang="en"
# # 5.16.4 Lab: find the wrong labels by their loss { #objective-lab }
#
# Spoil three in ten training labels, train by cross-entropy and by squared error, see which examples pull at the network, and find the wrong labels by their loss. Read [the section](../../generalisation/objective.md) first.

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

# %% [markdown] lang="en"
# ## Train { #train }


# %%
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
# 错标签只占三成，拉力却占了多少？平方误差隔着 softmax，对错得离谱的样本拉得轻一些。

# %% [markdown] lang="en"
# Three labels in ten are wrong: how much of the pull is theirs? Squared error behind a softmax pulls less at what is hopeless.

# %% [markdown] lang="zh"
# ## 按损失排队 { #ranking }
#
# 训练 60 步就停下，这时网络还没来得及把错标签背下来。把样本按交叉熵从大到小排，最前面的多半是标错的。

# %% [markdown] lang="en"
# ## Rank by loss { #ranking }
#
# Stop after 60 steps, before the network has memorised the wrong labels. Rank the examples by their cross-entropy: the first are mostly mislabelled.

# %%
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
# 1. 把 `loss` 换成不经 softmax 的 `lambda z, t: brier_loss(z, t, softmax=False)`，错标签的拉力占多少？
# 2. 一个样本的标签标错了，网络给它（错）标签的概率是 0.01。交叉熵和平方误差的拉力大约差多少倍（两类）？
#
# ??? note "答案"
#     1. 又大了起来：拉力与误差成正比，错标签的误差最大。
#     2. 交叉熵 √2·0.99 ≈ 1.40，平方误差 4√2·0.99²·0.01 ≈ 0.055，相差约 25 倍。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Replace the loss by one without softmax, `lambda z, t: brier_loss(z, t, softmax=False)`. How large is the wrong labels' share now?
# 2. A label is wrong, and the network gives it a probability of 0.01. By what factor do the pulls of cross-entropy and squared error differ (two classes)?
#
# ??? note "Answers"
#     1. It is large again: the pull is proportional to the error, and the errors of wrong labels are the largest.
#     2. Cross-entropy √2·0.99 ≈ 1.40, squared error 4√2·0.99²·0.01 ≈ 0.055: about 25 times.
