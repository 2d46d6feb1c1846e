# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.10 上机：换个场景还成立吗？ { #transfer-lab }
#
# 拿书里五个场景的结果，一次藏起一个，用其余四个预测它：预测区间可靠吗？先读[正文](../../generalisation/transfer.md)。

# %% [markdown] lang="en"
# # 5.16.10 Lab: does it transfer? { #transfer-lab }
#
# Take the book's results in five settings, hide one setting at a time, and predict it from the other four. Can the interval be trusted? Read [the section](../../generalisation/transfer.md) first.

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
# 每种方法、每个场景，用另外四个场景算出 95% 预测区间，看藏起的那个落在里面没有。七种方法、五个场景，一共 35 次，你猜几次落在外面？藏起的效果自己也带着误差，所以会比二十个里一个多。五个场景里有两个是同一份服装数据，藏起一个，另一个还在，这又会让它少一些。

# %% [markdown] lang="en"
# ## Hide one { #hide }
#
# For each method and setting, a 95% interval comes from the other four settings. Does the hidden effect lie inside? Seven methods in five settings make 35 cases: how many do you expect outside? The hidden effect has an error of its own, so it will be more than one in twenty. Two of the five are sizes of one data set: where one of them is hidden, the other still helps, which makes it fewer.

# %% tags=["predict"]
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
# ## 画出来 { #plot }
#
# 灰线是预测区间，圆点是藏起的效果，落在外面的换了颜色。

# %% [markdown] lang="en"
# ## In a plot { #plot }
#
# Grey lines are the intervals, dots the hidden effects; those outside have another colour.

# %%
# alt zh: 三十五条灰色的横线，每条上有一个圆点，七种方法各五条；多数圆点在线上，少数在线外；各种方法的线宽窄悬殊
# alt en: Thirty-five grey bars with a dot each, five for each of seven methods; most dots lie on their bars, a few outside; the methods' bars differ widely in length
figure, axis = plt.subplots(figsize=(6.4, 4.2))
for place, (_, _, seen, low, high) in enumerate(rows):
    axis.plot([low, high], [place, place], color="0.8", linewidth=3)
    axis.plot(seen, place, "o", color="C0" if low <= seen <= high else "C1", markersize=4)
axis.set(yticks=range(2, len(rows), 5), yticklabels=treatments, xlim=(-15, 15), xlabel="change in accuracy (points)")
plt.show()

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把每个误差都缩小到十分之一（像是多跑了一百倍的种子），新场景的区间会变窄吗？为什么？
# 2. 只看两个服装场景，平均效果的标准误会怎样？这样的“平均”回答的是谁的问题？
# 3. **写代码**：验证练习 1；再用 `metric="test_nll"` 打印每种方法在五个场景里的变化，看哪种处处都变好。
#
# ??? note "答案"
#     1. 不会，这里反而都变宽。误差小了，原先可以算作误差的那部分差别，就只能算作场景之间的差别，种子再多也消不掉它。
#     2. 有的小得多，有的几乎不变，也有变大的：只有两个场景，标准误本身也估不准。何况它只回答“再来一批服装图像会怎样”，回答不了评论和录音。
#     3. 代码在下面。负数就是变好；没有哪一行五个全是负数。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: make every error ten times smaller, as a hundred times the seeds would. Does the interval for a new setting become narrower, and why?
# 2. Keep only the two settings with garments. What becomes of the standard error of the mean, and whose question does such a mean answer?
# 3. **Write code**: check exercise 1. Then print the change of each method in the five settings with `metric="test_nll"`, and see which improves it everywhere.
#
# ??? note "Answers"
#     1. No, here it even widens for every method. With smaller errors, differences that could have been error have to be differences between settings, and no number of seeds removes those.
#     2. For some methods it shrinks a lot, for some hardly at all, and for some it grows: from two settings the error itself is poorly known. And the mean now speaks only of more garments, not of reviews or recordings.
#     3. The code is below. A negative number is an improvement; no row has five of them.

# %% tags=["fold"]
for treatment in treatments:
    y, s = effects(treatment)
    widths = [high - low for low, high in (new_setting(y, s), new_setting(y, s / 10))]
    nll = " ".join(f"{effect(setting, treatment, metric='test_nll')[0]:+6.2f}" for setting in settings)
    print(f"{treatment:14} interval {widths[0]:5.1f} wide, then {widths[1]:5.1f}; negative log-likelihood {nll}")
