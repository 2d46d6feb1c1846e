# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.9 上机：两种方法加得起来吗？ { #overview-lab }
#
# 用四组训练做一个 2×2 的析因设计：都不用、只用标签平滑、只用 dropout、两种都用，看似然的改善加不加得起来。先读[正文](../../generalisation/overview.md)。

# %% [markdown] lang="en"
# # 5.16.9 Lab: do two methods add up? { #overview-lab }
#
# Train the four configurations of a 2×2 factorial design: neither method, only label smoothing, only dropout, both. Do their gains in likelihood add up? Read [the section](../../generalisation/overview.md) first.

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


def test_loss(seed, smoothing, dropout, steps=200, hidden=64):
    torch.manual_seed(seed)
    rows = torch.randperm(5000)[:200]
    layers = [nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 10)]
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
# 四组用同样的种子，所以一切都可以逐个种子相减。两种方法并用，测试集的负对数似然会比“相加”的预期低，还是高？

# %% [markdown] lang="en"
# ## Four configurations, four seeds { #four }
#
# All four share their seeds, so everything can be subtracted seed by seed. With both methods, will the negative log-likelihood on the test set be lower than if the effects added up, or higher?

# %% tags=["predict"]
configurations = {"neither": (0.0, 0.0), "smoothing": (0.1, 0.0), "dropout": (0.0, 0.5), "both": (0.1, 0.5)}
losses = {name: torch.tensor([test_loss(seed, *how) for seed in range(4)]) for name, how in configurations.items()}
for name, values in losses.items():
    print(f"{name:9} {values.mean():.3f} ± {values.std():.3f}")

expected = additive(losses["neither"], losses["smoothing"], losses["dropout"])
found = interaction(*losses.values())
print(f"if effects added up {expected.mean():.3f}, measured {losses['both'].mean():.3f}")
print(f"interaction {found.mean():+.3f}, seed by seed", [round(one, 3) for one in found.tolist()])

# %% [markdown] lang="zh"
# ## 画出来 { #plot }
#
# 两条线平行，效果就相加；两条线靠拢，效果就有重叠。

# %% [markdown] lang="en"
# ## In a plot { #plot }
#
# If the lines are parallel, the effects add up; if they draw closer, the effects overlap.

# %%
# alt zh: 两条连线，左端不用 dropout，右端用：不平滑的一条起点高，往右落得很多；平滑的一条起点低，几乎是平的；两条在右端碰到一起
# alt en: Two lines from no dropout on the left to dropout on the right: plain labels start high and fall a lot; smoothed labels start low and are nearly level; the lines meet at the right
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
# 1. **先猜**：两种方法各把负对数似然降低 0.4，而基线只有 0.7，它们加得起来吗？
# 2. 把返回的负对数似然换成错误率，交互作用是大了还是小了？四个种子够看清吗？
# 3. **写代码**：把标签平滑换成两倍宽的隐藏层，再做一遍。
#
# ??? note "答案"
#     1. 不可能：加起来就成了 −0.1，而负对数似然不会低于 0。
#     2. 错误率的交互作用一般小于它自己的波动，四个种子看不清；正文用了十个，仍有一些说不准。
#     3. 代码在下面。加宽本身对似然的作用小；与 dropout 并用时怎样，要看交互作用的正负，也要看四个种子是否一致。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: each of two methods lowers the negative log-likelihood by 0.4, from a baseline of 0.7. Can they add up?
# 2. Return the error rate instead of the negative log-likelihood. Does the interaction grow or shrink, and are four seeds enough to see it?
# 3. **Write code**: replace label smoothing by a hidden layer twice as wide, and do it again.
#
# ??? note "Answers"
#     1. No: the sum would be −0.1, and a negative log-likelihood is never below 0.
#     2. In error rates it is mostly smaller than its own scatter, and four seeds do not show it; the section uses ten, and some pairs remain open.
#     3. The code is below. A wider layer by itself does little to the likelihood; what it does beside dropout is in the sign of the interaction, and in whether the four seeds agree.

# %% tags=["fold"]
wide = {}
for name, (hidden, dropout) in {
    "neither": (64, 0.0),
    "wider": (128, 0.0),
    "dropout": (64, 0.5),
    "both": (128, 0.5),
}.items():
    wide[name] = torch.tensor([test_loss(seed, 0.0, dropout, hidden=hidden) for seed in range(4)])
    print(f"{name:8} {wide[name].mean():.3f}")
found = interaction(*wide.values())
print(f"interaction {found.mean():+.3f}, seed by seed", [round(one, 3) for one in found.tolist()])
