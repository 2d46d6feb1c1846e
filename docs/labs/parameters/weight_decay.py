# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.4 上机：衰减怎样起作用 { #weight-decay-lab }
#
# 同一个网络，换几种衰减来训练，看权重的长度怎样随步数变化；再加上批归一化，看衰减越强，滤波器越短，后来转得越快。先读[正文](../../parameters/weight_decay.md)。

# %% [markdown] lang="en"
# # 5.15.4 Lab: how decay works { #weight-decay-lab }
#
# Train one network with several kinds of decay, and watch the norm of the weights over the steps; then add batch normalisation, and see that the stronger the decay, the shorter the filters stay, and the faster they turn late in training. Read [the section](../../parameters/weight_decay.md) first.

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
# 每一步之后记下权重的长度，以及第一层滤波器转过的角度。四种做法：Adam 不衰减，Adam 衰减 0.1，AdamW 衰减 0.1 和 1。哪一种最后的权重最短？

# %% [markdown] lang="en"
# ## Train { #train }
#
# After each step, note the norm of the weights, and the angle by which the filters of the first layer have turned. There are four ways: Adam without decay, Adam with 0.1, AdamW with 0.1 and with 1. Which ends with the shortest weights?


# %% tags=["predict"]
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
    print(f"{name:11} norm {lengths[-1]:5.1f}, accuracy {right:.2f}")

# %% [markdown] lang="zh"
# ## 同一个 0.1，两回事 { #lengths }
#
# `Adam(weight_decay=0.1)` 几十步就把权重压了下去，`AdamW(weight_decay=0.1)` 几乎看不出作用。虚线是没有梯度、只做解耦的衰减时的样子。

# %% [markdown] lang="en"
# ## The same 0.1, two things { #lengths }
#
# `Adam(weight_decay=0.1)` presses the weights down within a few dozen steps; `AdamW(weight_decay=0.1)` hardly shows. The dashed line is decoupled decay without any gradient.

# %%
# alt zh: 四条权重长度的曲线：Adam 加 0.1 几十步就落到低处；另外三条都在上升，AdamW 加 1 升得最慢，Adam 不衰减和 AdamW 加 0.1 几乎重合；虚线缓缓下降
# alt en: Four curves of the norm of the weights: Adam with 0.1 drops within a few dozen steps; the other three rise, AdamW with 1 most slowly, Adam without decay and AdamW with 0.1 almost together; the dashed line falls slowly
figure, axis = plt.subplots(figsize=(7, 3.2))
for name, (_, lengths, _, _) in runs.items():
    axis.plot(lengths, label=name)
start = runs["AdamW, 1"][1][0]
axis.plot([start * share_left(0.002, 1.0, step) for step in range(300)], "--", color="gray", lw=1)
axis.set(xlabel="steps", ylabel="norm of all weights", ylim=(0, None))
axis.legend(ncols=2)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 有批归一化时 { #batch-norm }
#
# 换成 SGD，量出有效学习率和每步转过的角度。学习率不变，衰减越强，训练到后来滤波器转得越快还是越慢？

# %% [markdown] lang="en"
# ## With batch normalisation { #batch-norm }
#
# Now with SGD, measure the effective learning rate, and the angle by which each step turns a filter. At the same learning rate, does stronger decay make filters turn faster or slower late in training?

# %% tags=["predict"]
# alt zh: 三条每步转角的曲线：开头一同上升；后来没有衰减的落得最低，衰减 0.03 的留在最高处
# alt en: Three curves of the angle per step: they rise together at first; later the one without decay falls lowest, and the one with 0.03 stays highest
figure, axis = plt.subplots(figsize=(7, 3.2))
for decay in (0.0, 0.01, 0.03):
    network, _, angles, right = trained(torch.optim.SGD, batch_norm=True, lr=0.02, momentum=0.9, weight_decay=decay)
    rate = effective_rate(network[0].weight.detach(), 0.02).median().item()
    late = sum(angles[-50:]) / 50
    print(f"decay {decay:<4}  effective rate {rate:.3f}, {late:.2f}° per step, accuracy {right:.2f}")
    smooth = [sum(angles[max(0, i - 20) : i + 1]) / len(angles[max(0, i - 20) : i + 1]) for i in range(len(angles))]
    axis.plot(smooth, label=f"decay {decay}")
axis.set(xlabel="steps", ylabel="degrees per step")
axis.legend()
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：要让 `AdamW` 在学习率 0.0002 时与学习率 0.002、衰减 1 一样强，衰减取多少？
# 2. 为什么训练到最后，有衰减的网络每步转得更快，准确率却没有变差多少？
# 3. **写代码**：用 `share_left` 验证练习 1，打印第 100、200、300 步还剩下几成。
#
# ??? note "答案"
#     1. 起作用的是两者的乘积，所以取 10。
#     2. 训练集已经拟合，梯度很小。转动多半是来回的抖动，平均下来方向没有变多少。学习率降到零，抖动也就停了。
#     3. 代码在下面，两列相同。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: at a learning rate of 0.0002, which decay makes `AdamW` as strong as a decay of 1 at a rate of 0.002?
# 2. Why does the network with decay turn faster at the end of training, and yet lose little accuracy?
# 3. **Write code**: check exercise 1 with `share_left`, and print the share that is left after 100, 200 and 300 steps.
#
# ??? note "Answers"
#     1. It is the product that counts, so take 10.
#     2. The training set is fitted and gradients are small. Most of the turning is to and fro, and the mean direction changes little. Lower the learning rate to zero, and it stops.
#     3. The code is below; both columns agree.

# %% tags=["fold"]
for step in (100, 200, 300):
    print(f"after {step} steps {share_left(0.002, 1.0, step):.4f} {share_left(0.0002, 10.0, step):.4f}")
