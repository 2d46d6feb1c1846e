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
