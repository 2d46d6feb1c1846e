# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.4 实验：训练一个读评论的网络，再把它拆开 { #text-lab }
#
# 几秒钟训练一个小网络，看它对你的句子怎么说、凭什么说，再想办法骗过它。先读[正文](../../domains/text.md)。

# %% [markdown] lang="en"
# # 5.17.4 Lab: train a network that reads reviews, then take it apart { #text-lab }
#
# Train a small network in seconds, see what it says of your sentence and why, then find ways to fool it. Read [the section](../../domains/text.md) first.

# %%
import torch
from torch.nn import functional as F

from cnnbook.data.texts import sentiment
from cnnbook.domains.text import BagOfWords, TextCNN, encode, evidence, strongest, tokens, vocabulary

language = "zh"  # or "en"
data = sentiment(language)
train = [tokens(text) for text in data.train_texts]
test = [tokens(text) for text in data.test_texts]
numbers = vocabulary(train)
print(len(train), "texts,", len(numbers), "tokens;", data.train_texts[1], "→", train[1][:6])

# %% [markdown] lang="zh"
# ## 训练 { #train }
#
# 一个普通的循环：抽一批，算损失，走一步。词袋和卷积用的是同一个函数。

# %% [markdown] lang="en"
# ## Train { #train }
#
# A plain loop: draw a batch, compute the loss, take a step. The same function serves the bag of words and the filters.


# %%
def fit(network, rate, steps=300):
    ids, optimizer = encode(train, numbers), torch.optim.Adam(network.parameters(), lr=rate)
    for _ in range(steps):
        rows = torch.randint(len(ids), (50,))
        loss = F.cross_entropy(network(ids[rows]), data.train_labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network.eval()


def accuracy(network, texts, labels):
    with torch.no_grad():
        right = network(encode(texts, numbers)).argmax(1) == labels
    return f"{right.float().mean():.1%}"


torch.manual_seed(0)
bag = fit(BagOfWords(len(numbers) + 2), rate=1e-2)
cnn = fit(TextCNN(len(numbers) + 2, width=16, kernels=(1, 2, 3), channels=32), rate=3e-3)
for name, network in (("bag of words", bag), ("filters", cnn)):
    print(name, accuracy(network, test, data.test_labels))

# %% [markdown] lang="zh"
# ## 凭什么 { #why }
#
# 褒贬之差等于各个 n 元组的分量加上偏置。换成你自己的句子试试，特别是带“不”的。

# %% [markdown] lang="en"
# ## Why { #why }
#
# The margin of praise over complaint is the sum of the shares of n-grams and the bias. Put in a sentence of your own, and try a negation.

# %%
text = tokens("房间不大，但是很干净")
shares, bias = evidence(cnn, text, numbers)
for gram, share in list(shares.items())[:6]:
    print(f"{share:+.2f}", gram)
print(f"{sum(shares.values()) + bias:+.2f} in all")

# %% [markdown] lang="zh"
# ## 打乱 { #shuffle }
#
# 把测试文本里的字打乱。词袋一个百分点也不会变，卷积呢？

# %% [markdown] lang="en"
# ## Shuffle { #shuffle }
#
# Shuffle the tokens of the test texts. The bag of words cannot change at all; do the filters?

# %%
shuffled = [[text[place] for place in torch.randperm(len(text))] for text in test]
for name, network in (("bag of words", bag), ("filters", cnn)):
    print(name, accuracy(network, test, data.test_labels), "→", accuracy(network, shuffled, data.test_labels))

# %% [markdown] lang="zh"
# ## 一个核认什么 { #filter }

# %% [markdown] lang="en"
# ## What a filter knows { #filter }

# %%
weight = (cnn.head.weight[1] - cnn.head.weight[0]).detach()
for channel in range(3):
    found = strongest(cnn, train, numbers, kernel=1, channel=channel, count=6)
    print(f"{weight[32 + channel]:+.2f}", [gram for gram, _ in found])

# %% [markdown] lang="zh"
# ## 试一试 { #exercises }
#
# 1. 把 `language` 换成 `"en"`，重跑全部。哪种语言被打乱后掉得多？
# 2. 写一句意思是褒、网络却判成贬的话。看看分量，是哪个 n 元组害的？
# 3. 把 `kernels` 换成 `(5,)`。数据只有几千条，更宽的核是更好还是更坏？

# %% [markdown] lang="en"
# ## Try it { #exercises }
#
# 1. Set `language` to `"en"` and run everything again. Which language loses more when it is shuffled?
# 2. Write praise that the network takes for a complaint. Look at the shares: which n-gram is to blame?
# 3. Set `kernels` to `(5,)`. With a few thousand texts, is a wider filter better or worse?
