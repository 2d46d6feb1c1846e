# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.5 实验：声音变成图，再认出来 { #speech-lab }
#
# 自己合成一个音，看它在对数梅尔谱上的位置；再训练一个沿时间卷积的小网络，把词挪一挪，看它还认不认得。先读[正文](../../domains/speech.md)。

# %% [markdown] lang="en"
# # 5.17.5 Lab: from sound to picture to digit { #speech-lab }
#
# Make a sound of your own and find it in the log-mel spectrogram; then train a small network over time, move the words about, and see whether it still hears them. Read [the section](../../domains/speech.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F

from cnnbook.data.speech import sample, spoken_digits
from cnnbook.domains.speech import log_mel, over_time

t = torch.arange(8000) / 8000
rising = torch.sin(2 * torch.pi * (200 * t + 1500 * t**2))  # from 200 Hz to 3200 Hz in a second
figure, axes = plt.subplots(1, 3, figsize=(9, 2.6))
for axis, wave in zip(axes, (rising, sample(7, "zh"), sample(7, "en"))):
    axis.imshow(log_mel(wave[None], 8000)[0], origin="lower", aspect="auto", cmap="gray_r")
    axis.set(xlabel="frame", ylabel="band")
figure.tight_layout()
plt.show()

# %% [markdown] lang="zh"
# ## 训练 { #train }
#
# 600 条合成语音，二十个词，十个数字。测试的六个声音没听过。

# %% [markdown] lang="en"
# ## Training { #train }
#
# Six hundred synthetic clips, twenty words, ten digits. The six voices of the test have not been heard.

# %%
torch.manual_seed(0)
train, test = spoken_digits("train"), spoken_digits("test")
mean, std = train.spectra.mean(), train.spectra.std()
network = over_time()
optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
for _ in range(200):
    rows = torch.randint(len(train.digits), (32,))
    loss = F.cross_entropy(network((train.spectra[rows] - mean) / std), train.digits[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def accuracy(spectra):
    with torch.no_grad():
        return (network((spectra - mean) / std).argmax(1) == test.digits).float().mean().item()


print(f"as they are {accuracy(test.spectra):.2f}")
print(f"later       {accuracy(test.spectra.roll(5, -1)):.2f}")
print(f"backwards   {accuracy(test.spectra.flip(-1)):.2f}")
print(f"higher      {accuracy(test.spectra.roll(2, -2)):.2f}")

# %% [markdown] lang="zh"
# ## 试一试 { #exercises }
#
# 1. 中文词和英文词分开算准确率（`test.languages`），哪种更难？
# 2. 把 `LoudestOf(-1)` 换成时间上的平均，挪动和倒放的结果怎么变？
# 3. 训练时随机把谱上下挪一两个频带，“higher”一行还会跌吗？

# %% [markdown] lang="en"
# ## Try it { #exercises }
#
# 1. Take the accuracy of Chinese and English words apart (`test.languages`): which are harder?
# 2. Put the mean over time in place of `LoudestOf(-1)`: what becomes of words aside and backwards?
# 3. Move the spectrograms up and down by a band or two at random in training: does the row “higher” still fall?
