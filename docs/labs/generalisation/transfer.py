# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.10 实验：换个场景还成立吗 { #transfer-lab }
#
# 先读[正文](../../generalisation/transfer.md)。

# %% [markdown] lang="en"
# # 5.16.10 Lab: Does it transfer? { #transfer-lab }
#
# Read [the section](../../generalisation/transfer.md) first.

# %%
import torch

torch.manual_seed(0)
# write: what the lab tries, in cells of a few lines, each with its words in both languages
