# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # NUMBER 上机：ZH { #NAME-lab }
#
# 先读[正文](../../PART/NAME.md)。

# %% [markdown] lang="en"
# # NUMBER Lab: EN { #NAME-lab }
#
# Read [the section](../../PART/NAME.md) first.

# %%
import torch

torch.manual_seed(0)
# write: what the lab tries, in cells of a few lines, each with its words in both languages

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：
# 2. **写代码**：
#
# ??? note "答案"
#     1. 答案写在这里。
#     2. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**:
# 2. **Write code**:
#
# ??? note "Answers"
#     1. The answer goes here.
#     2. The code is below.

# %% tags=["fold"]
# write: two to four exercises, their answers above, and here the code that answers the last; tags=["predict"] closes the output of a cell that answers a question
torch.manual_seed(0)
