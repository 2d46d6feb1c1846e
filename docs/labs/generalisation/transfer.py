# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.10 上机：换个场景还成立吗？ { #transfer-lab }
#
# 拿书里六个场景的结果，一次藏起一个，用其余五个预测它：预测区间可靠吗？先读[正文](../../generalisation/transfer.md)。

# %% [markdown] lang="en"
# # 5.16.10 Lab: does it transfer? { #transfer-lab }
#
# Take the book's results, hide one setting at a time, and predict it from the others: can the interval be trusted? Read [the section](../../generalisation/transfer.md) first.

# %%
import matplotlib.pyplot as plt
import torch

from cnnbook.evidence.results import load_result
from cnnbook.generalisation.transfer import new_setting, random_effects

result = load_result("generalisation/transfer")
settings = ["garments_510", "garments_5000", "reviews_zh", "reviews_en", "digits"]


def effect(setting, treatment, baseline="base", metric="test_accuracy"):
    """Mean difference over seeds and its standard error."""
    pair = (result.figures[f"{setting}_{arm}"][metric] for arm in (treatment, baseline))
    treated, plain = (torch.tensor(row) for row in pair)
    difference = treated - plain
    return difference.mean(), difference.std() / len(difference) ** 0.5


def effects(treatment):
    found = [effect(setting, treatment) for setting in settings]
    return torch.stack([mean for mean, _ in found]), torch.stack([error for _, error in found])


for treatment in ("dropout", "objective", "augmentation"):
    mean, error, tau = random_effects(*effects(treatment))
    low, high = new_setting(*effects(treatment))
    print(f"{treatment:13} mean {mean:+.1f} ± {error:.1f}, spread {tau:.1f}, a new setting [{low:.1f}, {high:.1f}]")

# %% [markdown] lang="zh"
# ## 藏起一个 { #hide }
#
# 每种方法、每个场景：用另外四个场景算出预测区间，看藏起的那个落在里面没有。藏起的效果自己也带着误差，所以落在外面的会比二十个里一个多一些。

# %% [markdown] lang="en"
# ## Hide one { #hide }
#
# For each method and setting, the interval comes from the other four settings. Does the hidden one lie inside? It has an error of its own, so rather more than one in twenty fall outside.

# %%
inside, rows = 0, []
treatments = ["batch_size", "objective", "architecture", "augmentation", "weight_penalty", "dropout", "cosine"]
for treatment in treatments:
    y, s = effects(treatment)
    for hidden in range(len(settings)):
        rest = [place for place in range(len(settings)) if place != hidden]
        low, high = new_setting(y[rest], s[rest])
        rows.append((treatment, settings[hidden], y[hidden].item(), low, high))
        inside += low <= y[hidden] <= high
print(f"{inside} of {len(rows)} hidden effects lie inside their intervals")

# %% [markdown] lang="zh"
# ## 看图 { #plot }

# %% [markdown] lang="en"
# ## In a plot { #plot }

# %%
figure, axis = plt.subplots(figsize=(6.4, 4.2))
for place, (_, _, seen, low, high) in enumerate(rows):
    axis.plot([low, high], [place, place], color="0.8", linewidth=3)
    axis.plot(seen, place, "o", color="C0" if low <= seen <= high else "C1", markersize=4)
axis.set(yticks=range(2, len(rows), 5), yticklabels=treatments, xlim=(-15, 15), xlabel="change in accuracy (points)")
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. 把每个误差都缩小到十分之一（像是多跑了一百倍的种子），新场景的区间窄了多少？为什么？
# 2. 换成负对数似然（`metric="test_nll"`），哪种方法在每个场景里都使它变好？
# 3. 只看两张服装图的场景，平均效果的标准误会怎样？这样的“平均”回答的是谁的问题？
#
# ??? note "答案"
#     1. 窄得不多。场景之间的差别还在，种子再多也消不掉它。
#     2. 用 `effect(…, metric="test_nll")` 逐个打印；能肯定变好的只有更多数据。
#     3. 会小得多，但它只回答“再来一批服装图会怎样”，回答不了评论和录音。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. Make every error ten times smaller, as a hundred times the seeds would. How much narrower is the interval for a new setting, and why?
# 2. Look at the negative log-likelihood (`metric="test_nll"`). Which method improves it in every setting?
# 3. Keep only the two settings with clothes. What becomes of the standard error of the mean, and whose question does such a mean answer?
#
# ??? note "Answers"
#     1. Hardly. The settings still differ, and no number of seeds removes that.
#     2. Print `effect(…, metric="test_nll")` setting by setting: more data lowers the mean in all five.
#     3. It shrinks, but it now speaks of more clothes only, not of reviews or recordings.
