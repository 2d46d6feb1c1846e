# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.16.2 上机：量出梯度的噪声 { #larger-batch-lab }
#
# 在真实的图像上算出每个样本各自的梯度，验证噪声随批次按 1/B 下降，再看训练途中噪声怎样变化。先读[正文](../../generalisation/batch_size.md)。

# %% [markdown] lang="en"
# # 5.16.2 Lab: measure the noise of the gradient { #larger-batch-lab }
#
# Compute every example's own gradient on real images, check that the noise falls as 1/B, and see how it changes in training. Read [the section](../../generalisation/batch_size.md) first.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.data import load
from cnnbook.generalisation.batch_size import example_gradients, gradient_noise, noise_scale

data = load("fashion-mnist-mini")
x, y = data.train_images[:512].float() / 255, data.train_labels[:512]
torch.manual_seed(0)
network = nn.Sequential(
    *(nn.Conv2d(1, 4, 5, stride=3), nn.ReLU(), nn.Flatten()),
    nn.Linear(4 * 8 * 8, 10),
)
gradients = example_gradients(network, F.cross_entropy, x, y)
print("examples × parameters:", tuple(gradients.shape))

# %% [markdown] lang="zh"
# ## 公式与抽样 { #formula }
#
# 公式说噪声与 1/B 成正比。批次从 2 到 128，每次加到四倍，噪声每次变成几分之几？每种批次真的抽一千批，量出平均的平方误差，两者应当重合。

# %% [markdown] lang="en"
# ## The formula and the draw { #formula }
#
# The formula says that the noise is proportional to 1/B. From 2 to 128, each batch is four times the last: by what factor does the noise change? Draw a thousand batches of each size and measure the mean squared error; the two should agree.

# %% tags=["predict"]
# alt zh: 双对数图：公式是一条斜率为 −1 的直线，四个实测点都落在线上
# alt en: Squared error of the gradient over batch size, both axes logarithmic: the formula is a line of slope −1, and the four measured points lie on it
sizes = [2, 8, 32, 128]
full = gradients.mean(0)
drawn = []
for b in sizes:
    rows = torch.randint(len(gradients), (1000, b))
    means = torch.stack([gradients[row].mean(0) for row in rows])
    drawn.append((means - full).square().sum(1).mean().item())
for b, measured in zip(sizes, drawn):
    print(f"batch {b:3}: formula {gradient_noise(gradients, b):.4f}  drawn {measured:.4f}")

figure, axis = plt.subplots(figsize=(4.6, 3.4))
axis.loglog(sizes, [gradient_noise(gradients, b) for b in sizes], color="gray", label="formula")
axis.loglog(sizes, drawn, "o", label="1000 batches drawn")
axis.set(xlabel="batch size", ylabel="squared error of the gradient")
axis.legend()
plt.show()

# %% [markdown] lang="zh"
# ## 训练途中 { #in-training }
#
# 噪声尺度是噪声与梯度本身相等时的批次大小：批次比它小得多时，加大批次几乎能同比例地省步数；比它大得多时，就省不了什么了。它在训练途中会变，常有人说它越来越大。你猜这里是不是？

# %% [markdown] lang="en"
# ## In training { #in-training }
#
# The noise scale is the batch size at which the noise equals the gradient: well below it, a larger batch saves steps nearly in proportion; well above, hardly any. It changes in training, and is often said to grow. Do you expect it to grow here?

# %% tags=["predict"]
optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
for step in range(201):
    if step % 50 == 0:
        gradients = example_gradients(network, F.cross_entropy, x, y)
        loss = F.cross_entropy(network(x), y).item()
        print(f"step {step:3}: loss {loss:.2f}, noise scale {noise_scale(gradients):.0f}")
    rows = torch.randint(len(x), (32,))
    optimizer.zero_grad()
    F.cross_entropy(network(x[rows]), y[rows]).backward()
    optimizer.step()

# %% [markdown] lang="zh"
# 它上下起伏，并没有一路变大：梯度在变小，各个样本的梯度也在变小。

# %% [markdown] lang="en"
# It goes up and down and does not simply grow: the gradient shrinks, but so do the gradients of the single examples.

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：批次从 32 加到 128，梯度的标准差变为原来的几分之几？
# 2. 不放回地抽 512 个样本，噪声是多少？
# 3. **写代码**：用 `gradient_noise` 验证前两题，再比较批次为 256 时放回与不放回的噪声。
#
# ??? note "答案"
#     1. 一半：方差除以 4，标准差除以 2。
#     2. 零：批次就是全体。
#     3. 代码在下面。批次占了全体的一半时，不放回的噪声只有放回的一半左右。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: from a batch of 32 to one of 128, what becomes of the standard deviation of the gradient?
# 2. Draw all 512 examples without replacement. How large is the noise?
# 3. **Write code**: check both with `gradient_noise`, and compare a batch of 256 drawn with and without replacement.
#
# ??? note "Answers"
#     1. It is halved: the variance is divided by 4, the standard deviation by 2.
#     2. Zero: the batch is everything.
#     3. The code is below. A batch of half the examples has about half the noise when it is drawn without replacement.

# %% tags=["fold"]
print(f"32 to 128: {(gradient_noise(gradients, 128) / gradient_noise(gradients, 32)) ** 0.5:.2f}")
for b in (256, 512):
    noise = [gradient_noise(gradients, b, replacement=again) for again in (True, False)]
    print(f"batch {b}: with replacement {noise[0]:.5f}, without {noise[1]:.5f}")
