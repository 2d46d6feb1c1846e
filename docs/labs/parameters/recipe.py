# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.5 上机：弄坏，看，诊断，治好 { #recipe-lab }
#
# 把一个小网络一处一处地弄坏。每坏一处，先自己看曲线猜病因，再让六个问题来判断，最后治好。先读[正文](../../parameters/recipe.md)。

# %% [markdown] lang="en"
# # 5.15.5 Lab: break it, look, diagnose, fix it { #recipe-lab }
#
# Break a small network in one place at a time. Guess the cause from the curves, let the six questions judge, and then fix it. Read [the section](../../parameters/recipe.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.parameters.recipe import Curves, diagnose

data = load("fashion-mnist-mini")
order = torch.randperm(5000, generator=torch.Generator().manual_seed(0))
pool_x = data.train_images[order].float() / 255
pool_y = data.train_labels[order]
val_x, val_y = pool_x[-300:], pool_y[-300:]

# %% [markdown] lang="zh"
# ## 训练，每二十步记一笔 { #train }
#
# 能弄坏的地方都写成了参数：学习率、训练图像的张数、隐藏层的宽度、步数、错标签的比例。

# %% [markdown] lang="en"
# ## Train, and log every twenty steps { #train }
#
# Whatever can be broken is an argument: the learning rate, the number of training images, the width of the hidden layer, the steps, and the share of wrong labels.


# %%
def trained(lr=2e-3, n=1000, hidden=64, steps=160, wrong=0.0, seed=0):
    torch.manual_seed(seed)
    x, y = pool_x[:n], pool_y[:n].clone()
    spoilt = torch.rand(n) < wrong
    y[spoilt] = torch.randint(10, (int(spoilt.sum()),))
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(8 * 14 * 14, hidden), nn.Tanh(), nn.Linear(hidden, 10)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=lr)
    log = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    for step in range(steps + 1):
        if step % 20 == 0:
            with torch.no_grad():
                outputs = network(val_x)
                log["train_loss"].append((step, F.cross_entropy(network(x[:300]), y[:300]).item()))
                log["val_loss"].append((step, F.cross_entropy(outputs, val_y).item()))
                log["val_accuracy"].append((step, (outputs.argmax(1) == val_y).float().mean().item()))
        batch = torch.randint(n, (32,))
        optimizer.zero_grad()
        F.cross_entropy(network(x[batch]), y[batch]).backward()
        optimizer.step()
    return Curves(**log, classes=10)


# %% [markdown] lang="zh"
# ## 先猜，再看答案 { #guess }
#
# 六次训练，故意不写名字，其中一次没有坏。其余五次各坏在哪里？先写下来，再看下一节。

# %% [markdown] lang="en"
# ## Guess, then look { #guess }
#
# Six runs without their names; nothing is wrong with one of them. What is wrong with the other five? Write it down before you go on.

# %%
# alt zh: 六张小图，各有训练损失（实线）和验证损失（虚线）。第 1 张的损失冲出图外；第 2 张训练损失降到零，验证损失抬头；第 3 张两条一同下降；第 4 张两条都是平的；第 5 张训练损失下降，验证损失上升；第 6 张两条一同缓缓下降，停在高处
# alt en: Six panels with training loss (solid) and validation loss (dashed). 1: the losses leave the panel. 2: training loss falls to zero, validation loss turns up. 3: both fall together. 4: both are flat. 5: training loss falls, validation loss rises. 6: both fall slowly together and stay high
broken = [{"lr": 10.0}, {"n": 40}, {}, {"lr": 1e-6}, {"n": 200, "wrong": 1.0}, {"hidden": 2, "steps": 100}]
runs = [trained(**change) for change in broken]
figure, axes = plt.subplots(2, 3, figsize=(7, 4), sharex=False, layout="constrained")
for number, (axis, run) in enumerate(zip(axes.flat, runs), 1):
    for name, style in (("train_loss", "-"), ("val_loss", "--")):
        axis.plot(*zip(*getattr(run, name)), style, label=name)
    axis.set(title=f"run {number}", ylim=(0, 5))
axes[0, 0].legend(fontsize=8)
plt.show()

# %% [markdown] lang="zh"
# ## 六个问题怎么说 { #diagnose }
#
# 每次训练的诊断、理由，以及先试什么。括号里是它其实坏在哪里。

# %% [markdown] lang="en"
# ## What the six questions say { #diagnose }
#
# For each run the diagnosis, its reason, and what to try first. In brackets is what was really broken.

# %% tags=["predict"]
for number, (change, run) in enumerate(zip(broken, runs), 1):
    found = diagnose(run)
    print(f"run {number}: {found.branch:11} (made with {change or 'nothing changed'})")
    print("      ", found.reasons[0])
    print("       first:", found.first)

# %% [markdown] lang="zh"
# ## 治好一个 { #mend }
#
# 第 2 次只有 40 张图像。照诊断说的加数据，加到 200 张、1000 张，验证损失和诊断会怎样变？

# %% [markdown] lang="en"
# ## Fix one { #mend }
#
# Run 2 had 40 images. Add data, as the diagnosis says, up to 200 and to 1,000. What becomes of the validation loss, and of the diagnosis?

# %% tags=["predict"]
for n in (40, 200, 1000):
    run = trained(n=n)
    print(f"{n:4} images: {diagnose(run).branch:9} validation ends at {run.val_loss[-1][1]:.2f}")

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把学习率从 0.000001 起每次乘 10，一直到 10，诊断依次是什么？正常的范围有多宽？
# 2. 不告诉 `Curves` 类别数（去掉 `classes=10`），哪一次的诊断会变？
# 3. **写代码**：200 张图像，把标签错误的比例 `wrong` 从 0 加到 1，打印每一次的诊断。从哪里起变成 wrong data？在那之前是什么？
#
# ??? note "答案"
#     1. 停滞（两次），欠拟合，正常（0.001 和 0.01），欠拟合，发散（两次）。正常的范围大约一个数量级。
#     2. 都不变：第 0 步就记了一笔，开头的损失约等于 ln 10。如果从第 50 步才开始记，就会变。
#     3. 代码在下面。错得不太多时，网络从剩下的正确标签里仍然学到一些，再把错的背下来，诊断是 overfit；几乎全错时才是 wrong data。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: multiply the learning rate by ten, from 0.000001 up to 10. What are the diagnoses, and how wide is the healthy range?
# 2. Do not tell `Curves` the number of classes (leave out `classes=10`). Which diagnosis changes?
# 3. **Write code**: with 200 images, raise the share of wrong labels, `wrong`, from 0 to 1, and print each diagnosis. Where does it become wrong data, and what is it before?
#
# ??? note "Answers"
#     1. Plateau (twice), underfit, healthy (0.001 and 0.01), underfit, diverged (twice). The healthy range is about one decade.
#     2. None: the loss was logged at step 0, and starts near ln 10. If the log began at step 50, it would change.
#     3. The code is below. With fewer wrong labels the network still learns something from the right ones and then memorises the wrong ones, which is overfit; it is wrong data only when nearly all labels are wrong.

# %% tags=["fold"]
for wrong in (0.0, 0.3, 0.6, 0.8, 0.9, 1.0):
    print(f"{wrong:.0%} wrong: {diagnose(trained(n=200, wrong=wrong)).branch}")
