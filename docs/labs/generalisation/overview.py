# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.9 实验：两种方法相加吗？ { #overview-lab }
#
# 用四组训练做一个 2×2 的析因设计：不用、只用标签平滑、只用 dropout、两种都用，看似然的改善相不相加。先读[正文](../../generalisation/overview.md)。

# %% [markdown] lang="en"
# # 5.16.9 Lab: do two methods add up? { #overview-lab }
#
# Train the four configurations of a 2×2 factorial: neither method, label smoothing alone, dropout alone, both. Do their gains in likelihood add up? Read [the section](../../generalisation/overview.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.overview import additive, interaction

data = load("fashion-mnist-mini")
train_x, train_y = data.train_images.float() / 255, data.train_labels
test_x, test_y = data.test_images.float() / 255, data.test_labels


def test_loss(seed, smoothing, dropout, steps=200):
    torch.manual_seed(seed)
    rows = torch.randperm(5000)[:200]
    layers = [nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Dropout(dropout), nn.Linear(64, 10)]
    network = nn.Sequential(*layers)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(steps):
        batch = rows[torch.randint(200, (32,))]
        optimizer.zero_grad()
        F.cross_entropy(network(train_x[batch]), train_y[batch], label_smoothing=smoothing).backward()
        optimizer.step()
    network.eval()
    return F.cross_entropy(network(test_x), test_y).item()


# %% [markdown] lang="zh"
# ## 四组，四个种子 { #four }
#
# 四组用同样的种子，所以一切都可以逐个种子相减。

# %% [markdown] lang="en"
# ## Four configurations, four seeds { #four }
#
# The configurations share their seeds, so that everything can be subtracted seed by seed.

# %%
arms = {"neither": (0.0, 0.0), "smoothing": (0.1, 0.0), "dropout": (0.0, 0.5), "both": (0.1, 0.5)}
losses = {name: torch.tensor([test_loss(seed, *arm) for seed in range(4)]) for name, arm in arms.items()}
for name, values in losses.items():
    print(f"{name:9} {values.mean():.3f} ± {values.std():.3f}")

expected = additive(losses["neither"], losses["smoothing"], losses["dropout"])
found = interaction(*losses.values())
print(f"if effects added up {expected.mean():.3f}, measured {losses['both'].mean():.3f}")
print(f"interaction {found.mean():+.3f}, seed by seed", [round(one, 3) for one in found.tolist()])

# %% [markdown] lang="zh"
# ## 看图 { #plot }
#
# 两条线平行，效果就相加；靠拢，就互相重叠。

# %% [markdown] lang="en"
# ## In a plot { #plot }
#
# Parallel lines add up; lines that close in overlap.

# %%
figure, axis = plt.subplots(figsize=(4.6, 3.4))
for ends, style, name in (
    (("neither", "dropout"), "o-", "plain labels"),
    (("smoothing", "both"), "s--", "smoothed labels"),
):
    axis.plot([0, 1], [losses[end].mean() for end in ends], style, label=name)
axis.set(xticks=[0, 1], xticklabels=["no dropout", "dropout"], ylabel="test negative log-likelihood")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 两种方法各把负对数似然降低 0.4，而基线只有 0.7，它们可能相加吗？
# 2. 把返回的负对数似然换成错误率，交互作用是大了还是小了？四个种子够看清吗？
# 3. 把标签平滑换成两倍宽的隐藏层，再做一遍。
#
# ??? note "答案"
#     1. 不可能：相加就成了 −0.1，而负对数似然不会低于 0。
#     2. 错误率的交互作用一般小于它的离散程度，四个种子看不清；正文用了十个，仍有一些说不准。
#     3. 加宽本身几乎不改善似然，与 dropout 并用时的变化要看交互作用的正负。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Each of two methods lowers the negative log-likelihood by 0.4, from a baseline of 0.7. Can they add up?
# 2. Return the error rate in place of the negative log-likelihood: does the interaction grow or shrink, and are four seeds enough to see it?
# 3. Replace label smoothing by a hidden layer twice as wide, and do it again.
#
# ??? note "Answers"
#     1. No: the sum would be −0.1, and a negative log-likelihood is never below 0.
#     2. In error rates it is mostly smaller than its own scatter, and four seeds do not show it; the section has ten, and some pairs stay open.
#     3. A wider layer alone hardly improves likelihood; what it does beside dropout is in the sign of the interaction.
