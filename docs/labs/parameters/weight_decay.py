# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.4 实验：衰减怎样起作用 { #weight-decay-lab }
#
# 同一个网络，换几种衰减来训练，看权重的长度怎样随步数变化；再加上批归一化，看滤波器越缩越短、越转越快。先读[正文](../../parameters/weight_decay.md)。

# %% [markdown] lang="en"
# # 5.15.4 Lab: how decay works { #weight-decay-lab }
#
# Train one network with several kinds of decay, and watch the norm of the weights over the steps; then add batch normalisation, and see the filters grow shorter and turn faster. Read [the section](../../parameters/weight_decay.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.parameters.weight_decay import effective_rate, share_left, weight_norms

data = load("fashion-mnist-mini")
x, y = data.train_images[:512].float() / 255, data.train_labels[:512]
test_x, test_y = data.test_images.float() / 255, data.test_labels

# %% [markdown] lang="zh"
# ## 训练 { #train }
#
# 每一步之后记下权重的长度，以及第一层滤波器转过的角度。

# %% [markdown] lang="en"
# ## Train { #train }
#
# After each step, note the norm of the weights, and the angle by which the filters of the first layer have turned.


# %%
def trained(make, batch_norm=False, steps=300, **options):
    torch.manual_seed(0)
    norms = [nn.BatchNorm2d(8), nn.BatchNorm2d(16)] if batch_norm else [nn.Identity(), nn.Identity()]
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), norms[0], nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), norms[1], nn.ReLU(), nn.Flatten()),
        *(nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    optimizer = make(network.parameters(), **options)
    order = torch.Generator().manual_seed(0)
    filters, lengths, angles = network[0].weight, [], []
    for _ in range(steps):
        before = filters.detach().flatten(1).clone()
        rows = torch.randint(len(x), (32,), generator=order)
        optimizer.zero_grad()
        F.cross_entropy(network(x[rows]), y[rows]).backward()
        optimizer.step()
        after = filters.detach().flatten(1)
        lengths.append(weight_norms(dict(network.named_parameters()))["weight_norm"])
        cosine = F.cosine_similarity(before, after).clamp(max=1)
        angles.append(torch.rad2deg(cosine.arccos()).mean().item())
    network.eval()
    with torch.no_grad():
        right = (network(test_x).argmax(1) == test_y).float().mean().item()
    return network, lengths, angles, right


ADAM, ADAMW = torch.optim.Adam, torch.optim.AdamW
ways = {
    "Adam, none": (ADAM, 0.0),
    "Adam, 0.1": (ADAM, 0.1),
    "AdamW, 0.1": (ADAMW, 0.1),
    "AdamW, 1": (ADAMW, 1.0),
}
runs = {name: trained(make, lr=0.002, weight_decay=decay) for name, (make, decay) in ways.items()}
for name, (_, lengths, _, right) in runs.items():
    print(f"{name:11} length {lengths[-1]:5.1f}, accuracy {right:.2f}")

# %% [markdown] lang="zh"
# ## 同一个 0.1，两回事 { #lengths }
#
# `Adam(weight_decay=0.1)` 几十步就把权重压下去，`AdamW(weight_decay=0.1)` 几乎看不出来。虚线是只有解耦的衰减、没有梯度时的样子。

# %% [markdown] lang="en"
# ## The same 0.1, two things { #lengths }
#
# `Adam(weight_decay=0.1)` presses the weights down within some dozens of steps; `AdamW(weight_decay=0.1)` hardly shows. Dashed: decoupled decay alone, without a gradient.

# %%
figure, axis = plt.subplots(figsize=(7, 3.2))
for name, (_, lengths, _, _) in runs.items():
    axis.plot(lengths, label=name)
start = runs["AdamW, 1"][1][0]
axis.plot([start * share_left(0.002, 1.0, step) for step in range(300)], "k--", lw=1)
axis.set(xlabel="steps", ylabel="length of all weights", ylim=(0, None))
axis.legend(ncols=2)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 有批归一化时 { #batch-norm }
#
# 换成 SGD，量一量有效学习率和每步转过的角度。衰减让滤波器变短，同样的学习率，转得就更快。

# %% [markdown] lang="en"
# ## With batch normalisation { #batch-norm }
#
# Now with SGD: measure the effective learning rate, and the angle by which each step turns a filter. Decay makes filters shorter, and at the same rate they turn faster.

# %%
figure, axis = plt.subplots(figsize=(7, 3.2))
for decay in (0.0, 0.01, 0.03):
    network, _, angles, right = trained(torch.optim.SGD, batch_norm=True, lr=0.02, momentum=0.9, weight_decay=decay)
    rate = effective_rate(network[0].weight.detach(), 0.02).median().item()
    late = sum(angles[-50:]) / 50
    print(f"decay {decay:<4}  effective rate {rate:.3f}, {late:.2f}° a step, accuracy {right:.2f}")
    smooth = [sum(angles[max(0, i - 20) : i + 1]) / len(angles[max(0, i - 20) : i + 1]) for i in range(len(angles))]
    axis.plot(smooth, label=f"decay {decay}")
axis.set(xlabel="steps", ylabel="degrees a step")
axis.legend()
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 要让 `AdamW` 在学习率 0.0002 时与学习率 0.002、衰减 1 一样强，衰减取多少？
# 2. 为什么训练到最后，有衰减的网络每步转得更快，准确率却没有变差多少？
#
# ??? note "答案"
#     1. 起作用的是两者的乘积：取 10。
#     2. 训练集已经拟合，梯度很小；转动多半是来回的抖动，平均下来方向没有变多少。学习率降到零，抖动也就停了。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. At a learning rate of 0.0002, which decay makes `AdamW` as strong as a decay of 1 at a rate of 0.002?
# 2. Why does the network with decay turn faster at the end of training, and yet lose little accuracy?
#
# ??? note "Answers"
#     1. It is the product that counts: take 10.
#     2. The training set is fitted and gradients are small. Most of the turning is to and fro, and its mean direction changes little. Lower the rate to zero, and it stops.
