# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.5 实验：弄坏，看，诊断，治好 { #recipe-lab }
#
# 一个小网络，一处一处地弄坏它，先自己看曲线猜病因，再让六个问题来判断，最后治好。先读[正文](../../parameters/recipe.md)。

# %% [markdown] lang="en"
# # 5.15.5 Lab: break it, look, diagnose, fix { #recipe-lab }
#
# A small network, broken in one place at a time: guess the cause from the curves, then let the six questions judge, then fix it. Read [the section](../../parameters/recipe.md) first.

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
# 所有能弄坏的地方都是参数。

# %% [markdown] lang="en"
# ## Train, and log every twenty steps { #train }
#
# Whatever can be broken is an argument.


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
# 六次训练，名字故意不写。每次坏在哪里？

# %% [markdown] lang="en"
# ## Guess, then look { #guess }
#
# Six runs without their names. What is wrong with each?

# %%
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

# %% [markdown] lang="en"
# ## What the six questions say { #diagnose }

# %%
for number, (change, run) in enumerate(zip(broken, runs), 1):
    found = diagnose(run)
    print(f"run {number}: {found.branch:11} (made with {change or 'nothing changed'})")
    print("      ", found.reasons[0])
    print("       first:", found.first)

# %% [markdown] lang="zh"
# ## 治好一个 { #mend }
#
# 第 2 次只有 40 张图。照它说的加数据，验证损失和诊断怎么变？

# %% [markdown] lang="en"
# ## Fix one { #mend }
#
# Run 2 had 40 images. Add data, as it says: what becomes of the validation loss and the diagnosis?

# %%
for n in (40, 200, 1000):
    run = trained(n=n)
    print(f"{n:4} images: {diagnose(run).branch:9} validation ends at {run.val_loss[-1][1]:.2f}")

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 把学习率从 0.000001 起每次乘 10，一直到 10，诊断依次是什么？正常的范围有多宽？
# 2. 不告诉 `Curves` 类别数（去掉 `classes=10`），哪一次的诊断会变？
# 3. 标签错误的比例 `wrong` 从 0 加到 1，从哪里起诊断变成 wrong data？在那之前是什么？
#
# ??? note "答案"
#     1. 停滞（两次），欠拟合，正常（0.001 和 0.01），欠拟合，发散（两次）；正常的范围大约一个数量级。
#     2. 都不变：第 0 步就记了一笔，开头的损失约等于 ln 10。如果改成从第 50 步记起，就会变。
#     3. 要到 0.9；在那之前是 overfit：网络从剩下的正确标签里仍然学到一些，再把错的背下来。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Multiply the rate by ten, from 0.000001 up to 10. What are the diagnoses, and how wide is the healthy range?
# 2. Do not tell `Curves` the number of classes (leave out `classes=10`). Which diagnosis changes?
# 3. Raise the share of wrong labels, `wrong`, from 0 to 1. Where does the diagnosis become wrong data, and what is it before?
#
# ??? note "Answers"
#     1. Plateau (twice), underfit, healthy (0.001 and 0.01), underfit, diverged (twice); healthy over about a decade.
#     2. None: the loss was logged at step 0, and starts near ln 10. Begin the log at step 50, and it does.
#     3. Only at 0.9; before that it is overfit: the network learns something from the right labels that are left, and then memorises the wrong ones.
