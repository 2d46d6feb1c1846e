# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] lang="zh"
# # 5.17.4 上机：训练一个读评论的网络，再把它拆开 { #text-lab }
#
# 几秒钟训练一个小网络，看它对你的句子怎么说、凭什么说，再想办法骗过它。先读[正文](../../domains/text.md)。

# %% [markdown] lang="en"
# # 5.17.4 Lab: train a network that reads reviews, then take it apart { #text-lab }
#
# Train a small network in seconds, see what it says about your sentence and why, then find ways to fool it. Read [the section](../../domains/text.md) first.

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
# 一个普通的循环：抽一批，算损失，走一步。词袋和卷积用的是同一个函数。词袋不管次序，猜一猜，准确率会差多少？

# %% [markdown] lang="en"
# ## Train { #train }
#
# A plain loop: draw a batch, compute the loss, take a step. The same function serves the bag of words and the filters. A bag of words ignores the order: guess how much accuracy that costs.


# %% tags=["predict"]
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
# 褒贬之差，等于各个 n 元组的分量之和再加上偏置。下面这句话里，哪几个 n 元组的分量最大，是正是负？看过之后换成自己的句子，特别要试带“不”的。

# %% [markdown] lang="en"
# ## Why { #why }
#
# The margin of praise over complaint is the sum of the shares of all n-grams, plus the bias. The sentence below says that the room is not large, but very clean: which n-grams weigh most, and with which sign? Then try a sentence of your own, with a negation in it.

# %% tags=["predict"]
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
# Shuffle the tokens of the test texts. The bag of words cannot change at all. Will the filters?

# %% tags=["predict"]
shuffled = [[text[place] for place in torch.randperm(len(text))] for text in test]
for name, network in (("bag of words", bag), ("filters", cnn)):
    print(name, accuracy(network, test, data.test_labels), "→", accuracy(network, shuffled, data.test_labels))

# %% [markdown] lang="zh"
# ## 一个核认什么 { #filter }
#
# 训练集里让一个宽为 2 的核响应最大的六对相邻词元，前面是这个核在褒贬之差里的权重。

# %% [markdown] lang="en"
# ## What a filter knows { #filter }
#
# The six pairs of tokens in the training texts to which a filter of width 2 responds most, after the weight that this filter has in the margin.

# %%
weight = (cnn.head.weight[1] - cnn.head.weight[0]).detach()
for channel in range(3):
    found = strongest(cnn, train, numbers, kernel=1, channel=channel, count=6)
    print(f"{weight[32 + channel]:+.2f}", [gram for gram, _ in found])

# %% [markdown] lang="zh"
# ## 练习 { #exercises }
#
# 1. **先猜**：把 `language` 换成 `"en"`，重跑全部。哪种语言被打乱后掉得多？
# 2. 写一句意思是褒、网络却判成贬的话。看看分量，是哪个 n 元组害的？
# 3. **写代码**：把 `kernels` 换成 `(1,)` 和 `(5,)`，各训练一个。更宽的核是更好还是更坏？打乱之后呢？
#
# ??? note "答案"
#     1. 中文。这里的词元是单个的字，“不错”拆开就成了“不”和“错”；英语的词元是整个的词，打乱之后大半意思还在。正文用十个种子量过；这里只有一个，未必看得出来。
#     2. 试试“一点毛病也挑不出来”。“毛病”和“不”单独看都像是贬，核最宽只有三个词元，看不到一头一尾的关系。
#     3. 代码在下面。核宽为 1 就是词袋，打乱也不变；核宽为 5 要记住的组合多得多，几千条评论不够它学，未必更好；它也更依赖次序，打乱之后掉得更多。

# %% [markdown] lang="en"
# ## Exercises { #exercises }
#
# 1. **Predict**: set `language` to `"en"` and run everything again. Which language loses more when it is shuffled?
# 2. Write praise that the network takes for a complaint. Look at the shares: which n-gram is to blame?
# 3. **Write code**: train one network with `kernels` of `(1,)` and one of `(5,)`. Is a wider filter better or worse? And after shuffling?
#
# ??? note "Answers"
#     1. Chinese. Its tokens here are single characters, and the word for “not bad” (*bu cuo*) falls into “not” and “wrong”; English tokens are whole words, and shuffled words keep most of their meaning. The section measures it with ten seeds; with the one used here, it need not show.
#     2. With `language = "en"`, try “there is nothing to complain about”. “Nothing” looks bad when seen alone (“complain” is too rare to have a number of its own), and a filter of at most three tokens sees “there is nothing” without what there is nothing of.
#     3. The code is below. A width of 1 is a bag of words, which shuffling cannot change. A width of 5 has far more combinations to learn than a few thousand reviews can teach, so it need not be better; it also relies more on the order, and loses more when the tokens are shuffled.

# %% tags=["fold"]
for kernels in ((1,), (5,)):
    torch.manual_seed(0)
    network = fit(TextCNN(len(numbers) + 2, width=16, kernels=kernels, channels=32), rate=3e-3)
    print(kernels, accuracy(network, test, data.test_labels), "→", accuracy(network, shuffled, data.test_labels))
