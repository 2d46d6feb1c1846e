# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.5 上机：声音变成图，再认出来 { #speech-lab }
#
# 自己合成一个音，看它在对数梅尔谱上的样子；再训练一个沿时间卷积的小网络，把词挪一挪、倒一倒，看它还认不认得。先读[正文](../../domains/speech.md)。

# %% [markdown] lang="en"
# # 5.17.5 Lab: from sound to picture to digit { #speech-lab }
#
# Make a sound of your own and find it in the log-mel spectrogram; then train a small network that convolves over time, move the words about, and see whether it still recognises them. Read [the section](../../domains/speech.md) first.

# %% [markdown] lang="zh"
# ## 声音的图 { #picture }
#
# 第一个声音的频率在一秒里从 200 Hz 匀速升到 3200 Hz，后两个是中文和英语的“七”。频率匀速上升，在梅尔谱上是直线吗？

# %% [markdown] lang="en"
# ## A picture of sound { #picture }
#
# The frequency of the first sound rises steadily from 200 Hz to 3,200 Hz within a second; the other two are “seven” in Chinese and in English. Is a steady rise a straight line in the mel spectrogram?

# %% tags=["predict"]
# alt zh: 三张对数梅尔谱，横轴是帧，纵轴是频带。第一张是一条由左下到右上的弧线，先陡后缓；后两张是两个词，高低两处有深浅不一的色块，右边是空白
# alt en: Three log-mel spectrograms, bands over frames. The first is an arc from lower left to upper right, steep at first and then flatter; the other two are words, with darker patches at low and at high bands, and nothing on the right
import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F

from cnnbook.data.speech import LANGUAGES, sample, spoken_digits
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
# 600 条合成语音，中英文各十个数字；测试用的六个声音，训练时没有听过。训练之后，把谱原样、推后 5 帧、倒放、升高 2 个频带各测一次。哪一种最伤？

# %% [markdown] lang="en"
# ## Training { #train }
#
# Six hundred synthetic clips of ten digits, in Chinese and in English; the six voices of the test are not heard in training. Then the spectrograms are tested as they are, 5 frames later, backwards, and 2 bands higher. Which of these hurts most?

# %% tags=["predict"]
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
# ## 练习 { #exercises }
#
# 1. **先猜**：训练时随机把谱上下挪一两个频带，“higher”一行还会跌那么多吗？
# 2. 把 `LoudestOf(-1)` 换成时间上的平均，推后和倒放两行会怎么变？
# 3. **写代码**：中文词和英语词分开算准确率（`test.languages`），再按练习 1 训练一遍。
#
# ??? note "答案"
#     1. 不会跌那么多：网络训练时见过升高和降低的谱，学会了不看绝对的高低。
#     2. 推后几乎不变，平均与最大一样不管位置。倒放伤得轻得多，可是原样也低了很多：平均把只响一下的东西冲淡了，同样的步数学得少，几帧之间的先后也就没有学好。
#     3. 代码在下面。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: in training, move the spectrograms up or down by a band or two at random. Does the row “higher” still fall so far?
# 2. Put the mean over time in place of `LoudestOf(-1)`. What becomes of the rows “later” and “backwards”?
# 3. **Write code**: print the accuracy of Chinese and English words apart (`test.languages`), then train as in exercise 1.
#
# ??? note "Answers"
#     1. Not so far: in training the network has met spectrograms that are higher and lower, and learned not to rely on absolute pitch.
#     2. “Later” hardly changes, as a mean is as indifferent to places as a maximum. “Backwards” hurts far less, but the first row is much lower too: a mean waters down what is heard for a moment, so in the same steps the network learns less, the order of a few frames included.
#     3. The code is below.

# %% tags=["fold"]
with torch.no_grad():
    right = network((test.spectra - mean) / std).argmax(1) == test.digits
for number, language in enumerate(LANGUAGES):
    print(f"{language}: {right[test.languages == number].float().mean():.2f}")

torch.manual_seed(0)
network = over_time()
optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
for _ in range(400):
    rows = torch.randint(len(train.digits), (32,))
    moved = train.spectra[rows].roll(int(torch.randint(-2, 3, ())), -2)
    loss = F.cross_entropy(network((moved - mean) / std), train.digits[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"moved in training: as they are {accuracy(test.spectra):.2f}, higher {accuracy(test.spectra.roll(2, -2)):.2f}")
