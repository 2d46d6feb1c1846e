# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.7 上机：权重去了哪里 { #weight-penalty-lab }
#
# 训练四个小网络，看 L2、L1 和软阈值之后权重的分布；再看错标签怎样被背下来，又怎样被惩罚拦住。先读[正文](../../generalisation/weight_penalty.md)。

# %% [markdown] lang="en"
# # 5.16.7 Lab: where the weights go { #weight-penalty-lab }
#
# Train four small networks and see how the weights are distributed after L2, L1 and a soft threshold; then see wrong labels memorised, and how a penalty prevents it. Read [the section](../../generalisation/weight_penalty.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.weight_penalty import l1_penalty, l2_penalty, proximal_l1, sparsity

data = load("fashion-mnist-mini")
x, y = data.train_images[:512].float() / 255, data.train_labels[:512]
test_x, test_y = data.test_images.float() / 255, data.test_labels
torch.manual_seed(0)
wrong = torch.rand(len(y)) < 0.3
noisy = torch.where(wrong, (y + torch.randint(1, 10, y.shape)) % 10, y)
print(f"{wrong.float().mean():.2f} of the labels are wrong")

# %% [markdown] lang="zh"
# ## 训练 { #train }
#
# 惩罚是损失里的一项，软阈值是每步之后的一行。动量为 0.9 时，一步走的路是原来的十倍，阈值也照此放大。四个网络里，哪些会有恰好为零的权重？哪一个的权重最短？

# %% [markdown] lang="en"
# ## Train { #train }
#
# A penalty is a term of the loss, a soft threshold one line after each step. With a momentum of 0.9 a step goes ten times as far, and the threshold grows with it. Which of the four networks have weights that are exactly zero, and which has the smallest norm?

# %% tags=["predict"]
RATE, MOMENTUM = 0.02, 0.9


def trained(labels, penalty=None, threshold=None, steps=600):
    torch.manual_seed(0)
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    table = dict(network.named_parameters())
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM)
    order = torch.Generator().manual_seed(0)
    for _ in range(steps):
        rows = torch.randint(len(x), (32,), generator=order)
        loss = F.cross_entropy(network(x[rows]), labels[rows])
        optimizer.zero_grad()
        (loss + penalty(table) if penalty else loss).backward()
        optimizer.step()
        if threshold:
            with torch.no_grad():
                for name, value in proximal_l1(table, threshold).items():
                    table[name].copy_(value)
    return network


ways = {
    "none": {},
    "L2 0.03": {"penalty": lambda table: l2_penalty(table, 0.03)},
    "L1 0.001": {"penalty": lambda table: l1_penalty(table, 0.001)},
    "threshold": {"threshold": RATE / (1 - MOMENTUM) * 0.001},
}
networks = {name: trained(noisy, **way) for name, way in ways.items()}
for name, network in networks.items():
    found = sparsity(dict(network.named_parameters()))
    right = (network(test_x).argmax(1) == test_y).float().mean().item()
    print(f"{name:9} accuracy {right:.2f}, norm {found['weight_norm']:.1f}, zeros {found['zero_weights']:.2f}")

# %% [markdown] lang="zh"
# ## 权重的分布 { #distribution }
#
# 纵轴是对数。L2 和 L1 都在零附近堆出一座尖峰，却没有一个恰好是零；L2 还把两边收窄，L1 留下少数大的；软阈值的尖峰就在零上。

# %% [markdown] lang="en"
# ## How weights are distributed { #distribution }
#
# The vertical axis is logarithmic. Both L2 and L1 pile up a peak near zero, in which nothing is exactly zero; L2 also draws in the sides, L1 leaves a few large weights; the peak of the soft threshold is at zero.

# %%
# alt zh: 四张权重的直方图，纵轴是对数：不加惩罚的是一座宽缓的山；三种惩罚在零处都有细长的尖峰，L2 的两边收得最窄
# alt en: Four histograms of weights on a logarithmic axis: a broad hill without a penalty; a thin spike at zero with all three penalties, with the narrowest sides for L2
figure, axes = plt.subplots(1, 4, figsize=(9, 2.6), sharey=True)
for axis, (name, network) in zip(axes, networks.items()):
    weights = network[5].weight.detach().flatten()
    axis.hist(weights, bins=61, range=(-0.15, 0.15), log=True)
    axis.set(title=name, xlabel="weight")
axes[0].set_ylabel("how many")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 被背下来的错标签 { #memorised }
#
# 看看训练集里标签有错的那些图像。网络给出的是写错的标签，还是真正的类别？哪个网络背下的错标签最多？

# %% [markdown] lang="en"
# ## Memorised labels { #memorised }
#
# Look at the training images whose labels are wrong. Does the network give the wrong label or the true class, and which network has memorised the most wrong labels?

# %% tags=["predict"]
for name, network in networks.items():
    answer = network(x[wrong]).argmax(1)
    as_written = (answer == noisy[wrong]).float().mean().item()
    as_is = (answer == y[wrong]).float().mean().item()
    print(f"{name:9} says the wrong label {as_written:.2f}, the true class {as_is:.2f}")

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把 L1 的强度加到 0.01，会怎样？
# 2. 为什么惩罚项不包括偏置？
# 3. **写代码**：训练出练习 1 的网络，打印准确率和权重的长度；绝对值小于 0.001 的权重占多少？
#
# ??? note "答案"
#     1. 拉力盖过了数据的梯度，权重都停在零附近，网络欠拟合，和随机猜测差不多。
#     2. 偏置不决定函数随输入变化得多快，压小它们没有好处，还会使网络偏离数据的平均值。
#     3. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: what happens with an L1 of strength 0.01?
# 2. Why are biases left out of the penalty?
# 3. **Write code**: train the network of exercise 1, and print its accuracy and the norm of its weights. What share of the weights is below 0.001 in absolute value?
#
# ??? note "Answers"
#     1. The pull outweighs the gradient of the data: the weights stay near zero, and the network underfits, down to guessing.
#     2. They do not determine how fast the function changes with its input. Making them small gains nothing, and takes the network away from the mean of the data.
#     3. The code is below.

# %% tags=["fold"]
network = trained(noisy, penalty=lambda table: l1_penalty(table, 0.01))
weights = torch.cat([value.detach().flatten() for name, value in network.named_parameters() if "weight" in name])
right = (network(test_x).argmax(1) == test_y).float().mean().item()
small = (weights.abs() < 0.001).float().mean().item()
print(f"L1 0.01: accuracy {right:.2f}, norm {weights.norm():.1f}, {small:.0%} below 0.001")
