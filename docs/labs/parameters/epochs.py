# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.15.3 上机：什么时候停 { #epochs-lab }
#
# 用 128 张图像训练一个小网络，每几步检查一次，看准确率和似然怎样分道扬镳；再换验证集的大小和耐心值，看早停选中哪一步。先读[正文](../../parameters/epochs.md)。

# %% [markdown] lang="en"
# # 5.15.3 Lab: when to stop { #epochs-lab }
#
# Train a small network on 128 images, check it every few steps, and see accuracy and likelihood part company; then change the size of the validation set and the patience, and see which step early stopping chooses. Read [the section](../../parameters/epochs.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.parameters.epochs import early_stopping, epochs_of

data = load("fashion-mnist-mini")
images, labels = data.train_images.float() / 255, data.train_labels
test_x, test_y = data.test_images[:1000].float() / 255, data.test_labels[:1000]

# %% [markdown] lang="zh"
# ## 训练，随时检查 { #train }
#
# 每 8 步检查一次，三种大小的验证集一次量完；它们都不参与训练。

# %% [markdown] lang="en"
# ## Train, and check { #train }
#
# A check every 8 steps measures validation sets of three sizes at once. None of them is used in training.

# %%
EXAMPLES, BATCH, EVERY, STEPS = 128, 32, 8, 240
SIZES = (20, 100, 500)


@torch.no_grad()
def measured(network, x, y):
    outputs = network(x)
    return F.cross_entropy(outputs, y, reduction="none"), (outputs.argmax(1) == y).float().mean().item()


def trained(seed):
    torch.manual_seed(seed)
    rows = torch.randperm(len(images))
    train, held = rows[:EXAMPLES], rows[EXAMPLES : EXAMPLES + max(SIZES)]
    network = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    test, val = {}, {size: {} for size in SIZES}
    for step in range(1, STEPS + 1):
        batch = train[torch.randperm(EXAMPLES)[:BATCH]]
        optimizer.zero_grad()
        F.cross_entropy(network(images[batch]), labels[batch]).backward()
        optimizer.step()
        if step % EVERY == 0:
            losses, accuracy = measured(network, test_x, test_y)
            test[step] = losses.mean().item(), accuracy
            losses, _ = measured(network, images[held], labels[held])
            for size in SIZES:
                val[size][step] = losses[:size].mean().item()
    return test, val


runs = [trained(seed) for seed in range(4)]
print(f"{STEPS} steps are {epochs_of(STEPS, EXAMPLES, BATCH):.0f} epochs of {EXAMPLES} images")

# %% [markdown] lang="zh"
# ## 两条曲线 { #curves }
#
# 下面是四个种子的测试损失和测试准确率。它们会在同一步到头吗？过了头，两条曲线各往哪里走？

# %% [markdown] lang="en"
# ## Two curves { #curves }
#
# Next are the test loss and the test accuracy of four seeds. Are both at their best in the same step? And where does either curve go from there?

# %% tags=["predict"]
# alt zh: 两张曲线图，横轴是步数（对数），每条线一个种子。左：测试损失先降到底，后来又升上去。右：测试准确率一路上升，然后停在高处
# alt en: Two plots over steps on a logarithmic axis, one line per seed. Left: the test loss falls to its lowest and rises again. Right: the test accuracy rises and then stays high
figure, axes = plt.subplots(1, 2, figsize=(8, 3))
for axis, part, name in zip(axes, (0, 1), ("test loss", "test accuracy")):
    for test, _ in runs:
        axis.plot(list(test), [values[part] for values in test.values()], lw=0.8)
    axis.set(xscale="log", xlabel="steps", title=name)
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 早停选了哪一步 { #choice }
#
# 损失早就到了底，准确率还在升，停在哪里，要看你在乎哪一个。早停看的是验证损失。最后一列是能偷看测试集的话会选的那一步。20、100、500 张的验证集，哪一个选得离它最近？

# %% [markdown] lang="en"
# ## Which step early stopping chose { #choice }
#
# The loss is at its lowest long before the accuracy stops rising, so where to stop depends on which of them matters to you. Early stopping watches the validation loss. The last column is the step you would choose if you could peek at the test set. Which validation set comes closest to it, that of 20, 100 or 500 images?

# %% tags=["predict"]
print("seed  " + "  ".join(f"n={size:<5}" for size in SIZES) + "  peeking")
for seed, (test, val) in enumerate(runs):
    chosen = [early_stopping(val[size], patience=3).best for size in SIZES]
    peek = min(test, key=lambda step: test[step][0])
    print(f"{seed:4}  " + "  ".join(f"{step:<7}" for step in chosen) + f"  {peek}")

# %% [markdown] lang="zh"
# ## 耐心值 { #patience }
#
# 验证集只有 20 张，曲线抖得厉害。耐心值取 1、2、4、8，训练的步数和测试损失各会怎样？

# %% [markdown] lang="en"
# ## Patience { #patience }
#
# With 20 images in the validation set, the curve is shaky. Take a patience of 1, 2, 4 and 8: what becomes of the steps trained, and of the test loss?

# %% tags=["predict"]
for patience in (1, 2, 4, 8):
    stops = [early_stopping(val[20], patience) for _, val in runs]
    losses = [test[stop.best][0] for stop, (test, _) in zip(stops, runs)]
    steps = sum(stop.last for stop in stops) / len(stops)
    print(f"patience {patience}: {steps:5.0f} steps trained, test loss {sum(losses) / len(losses):.3f}")

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：检查的间隔从 8 步改成 32 步，耐心值不变，会怎样？
# 2. 让早停盯着验证准确率而不是损失，选中的步数会更早还是更晚？
# 3. **写代码**：不必重新训练，从记下的曲线里每四次检查取一次，就能验证练习 1；再找出测试准确率最高的那一步，验证练习 2。
#
# ??? note "答案"
#     1. 最好的一步之后要等四倍的步数，选中的步数也更粗：最好的一步可能正好落在两次检查之间。
#     2. 不一定。测试准确率到顶，确实比损失到底迟得多；可是验证图像不多，准确率一格一格地跳，耐心值往往在它第一次停顿时就用完了。
#     3. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: what changes if checks are 32 steps apart instead of 8, at the same patience?
# 2. Let early stopping watch the validation accuracy instead of the loss. Is the step it chooses earlier or later?
# 3. **Write code**: without training anything again, take every fourth check of the recorded curves, and so check exercise 1; then find the step with the highest test accuracy, and check exercise 2.
#
# ??? note "Answers"
#     1. After the best step it waits four times as long, and it chooses more coarsely: the best step may lie between two checks.
#     2. It depends. The test accuracy does peak long after the loss has been at its lowest; but with few validation images their accuracy moves in jumps, and the patience often ends at its first pause.
#     3. The code is below.

# %% tags=["fold"]
for seed, (test, val) in enumerate(runs):
    found = []
    for every in (8, 32):
        stop = early_stopping({step: loss for step, loss in val[100].items() if step % every == 0}, patience=3)
        found.append(f"every {every:2}: best {stop.best:3}, last {stop.last:3}")
    peak = max(test, key=lambda step: test[step][1])
    print(f"seed {seed}: " + "; ".join(found) + f"; highest test accuracy at {peak}")
