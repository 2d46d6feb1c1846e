# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.3 上机：看着召回率长大 { #data-distribution-lab }
#
# 用一份极不均匀的数据训练两次，一次照原样，一次用均衡批次，边训练边看稀少类与常见类的召回率。先读[正文](../../generalisation/data_distribution.md)。

# %% [markdown] lang="en"
# # 5.16.3 Lab: watch the recalls grow { #data-distribution-lab }
#
# Train twice on very uneven data, once as they are and once with balanced batches, and watch the recalls of rare and frequent classes on the way. Read [the section](../../generalisation/data_distribution.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.data_distribution import BalancedBatchSampler, recall_by_class

data = load("fashion-mnist-mini")
test_x, test_y = data.test_images.float() / 255, data.test_labels
counts = [100, 100, 100, 4, 4, 100, 4, 100, 4, 4]
rows = torch.cat([torch.nonzero(data.train_labels == c).flatten()[:n] for c, n in enumerate(counts)])
x, y = data.train_images[rows].float() / 255, data.train_labels[rows]
rare = [c for c, n in enumerate(counts) if n < 100]
print(y.bincount().tolist())

# %% [markdown] lang="zh"
# ## 训练两次 { #train }
#
# 五个常见类各 100 张，五个稀少类各 4 张。两次训练初值相同，差别只在每一批怎样取：照原样取，稀少类难得露面；均衡批次里，每类各占一份。到第 20 步、第 400 步，稀少类的召回率各差多少？

# %% [markdown] lang="en"
# ## Train twice { #train }
#
# Five frequent classes have 100 images each, five rare ones 4 each. Both runs start from the same weights, and only the way a batch is drawn differs: as the data are, rare classes seldom turn up; in balanced batches, each class has its share. How far apart will the recalls of the rare classes be at step 20, and at step 400?


# %% tags=["predict"]
def plain(batch_size=30):
    while True:
        yield from torch.randperm(len(y)).split(batch_size)[:-1]


def balanced(batch_size=30):
    while True:
        yield from BalancedBatchSampler(y, batch_size)


def recalls(batches, steps=400):
    torch.manual_seed(0)
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(8 * 14 * 14, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    seen = []
    for step, batch in zip(range(1, steps + 1), batches()):
        optimizer.zero_grad()
        F.cross_entropy(network(x[batch]), y[batch]).backward()
        optimizer.step()
        if step in (20, 40, 80, 160, 400):
            each = recall_by_class(network(test_x).detach(), test_y)
            seen.append((step, each[rare].mean().item(), each.mean().item()))
    return seen


curves = {"as it is": recalls(plain), "balanced batches": recalls(balanced)}
for name, seen in curves.items():
    for step, rare_recall, mean in seen:
        print(f"{name:16} step {step:3}: rare classes {rare_recall:.2f}, all {mean:.2f}")

# %% [markdown] lang="zh"
# ## 画出来 { #curves }
#
# 两条曲线是稀少类的召回率。

# %% [markdown] lang="en"
# ## Draw it { #curves }
#
# The curves are the recall of the rare classes.

# %%
# alt zh: 两条召回率曲线，横轴是步数（对数）：均衡批次的一开始就高得多，后来慢慢下降；照原样的从零慢慢上升；两条靠拢，但没有碰到
# alt en: Two curves of recall over steps on a logarithmic axis: with balanced batches it is far higher from the start and later falls; as the data are, it rises from zero; they draw together without meeting
figure, axis = plt.subplots(figsize=(4.8, 3.4))
for name, seen in curves.items():
    axis.plot([s for s, _, _ in seen], [r for _, r, _ in seen], "o-", label=name)
axis.set(xscale="log", xlabel="steps", ylabel="recall of the rare classes", ylim=(0, 1))
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# 开头差别很大，后来越靠越近：等网络把每张训练图像都记住了，两种取法的损失都接近零，也就没有什么可调整的了。

# %% [markdown] lang="en"
# At first they are far apart, later they draw together: once the network has memorised every training image, the loss is near zero either way, and nothing is left to adjust.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：在均衡批次里，一个稀少类的每张图像在 400 步里出现多少次？常见类呢？
# 2. 训练照原样进行，测试时把每类的输出减去 $\ln n$，$n$ 是该类的训练张数。稀少类的召回率会怎样？为什么？
# 3. **写代码**：验证练习 2。为此要留下训练好的网络，`recalls` 只返回了召回率。
#
# ??? note "答案"
#     1. 每批每类 3 张，400 步共 1200 张次：平均下来，稀少类每张 300 次，常见类每张 12 次。
#     2. 会提高。减去 $\ln n$ 相当于除以训练时的类别频率，网络不再偏向常见类，而且不必重新训练。
#     3. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: in balanced batches, how often does each image of a rare class appear in 400 steps, and each of a frequent class?
# 2. Train on the data as they are, and in testing subtract $\ln n$ from each class's output, $n$ being the number of its training images. What becomes of the recall of the rare classes, and why?
# 3. **Write code**: check exercise 2. You need the trained network for it, and `recalls` returns nothing but recalls.
#
# ??? note "Answers"
#     1. A batch has three of each class, which is 1,200 in 400 steps: on average each rare image 300 times, each frequent one 12 times.
#     2. It rises. To subtract $\ln n$ is to divide by the class frequencies of training, so that the network no longer leans towards the frequent classes, and nothing has to be trained again.
#     3. The code is below.

# %% tags=["fold"]
torch.manual_seed(0)
network = nn.Sequential(
    *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten()),
    *(nn.Linear(8 * 14 * 14, 64), nn.ReLU(), nn.Linear(64, 10)),
)
optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
for _, batch in zip(range(40), plain()):
    optimizer.zero_grad()
    F.cross_entropy(network(x[batch]), y[batch]).backward()
    optimizer.step()
with torch.no_grad():
    outputs = network(test_x)
for name, logits in {"as they are": outputs, "minus ln n": outputs - torch.tensor(counts).log()}.items():
    each = recall_by_class(logits, test_y)
    print(f"{name:11} rare classes {each[rare].mean():.2f}, all {each.mean():.2f}")
