"""Exercises of 5.17.4: a mean that padding leaves alone, a filter for two words, the shares of an answer.

References:
    Y. Kim, "Convolutional neural networks for sentence classification", arXiv:1408.5882.
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given

# --- text-1 ---


def mean_vector(ids: Tensor, table: Tensor) -> Tensor:
    there = (ids != 0).to(table.dtype)[:, :, None]
    total = (table[ids] * there).sum(1)
    return total / there.sum(1).clamp(min=1)


def _text_by_text(ids: Tensor, table: Tensor) -> Tensor:
    means = []
    for text in ids:
        words = table[text[text != 0]]
        means.append(words.mean(0) if len(words) else torch.zeros_like(table[0]))
    return torch.stack(means)


def _by_the_length(ids: Tensor, table: Tensor) -> Tensor:
    return table[ids].mean(1)


def _watered_down(ids: Tensor, table: Tensor) -> Tensor:
    there = (ids != 0).to(table.dtype)[:, :, None]
    return (table[ids] * there).mean(1)


def _padding_added(ids: Tensor, table: Tensor) -> Tensor:
    return table[ids].sum(1) / (ids != 0).sum(1, keepdim=True).clamp(min=1)


def _by_nothing(ids: Tensor, table: Tensor) -> Tensor:
    there = (ids != 0).to(table.dtype)[:, :, None]
    return (table[ids] * there).sum(1) / there.sum(1)


def _one_more(ids: Tensor, table: Tensor) -> Tensor:
    there = (ids != 0).to(table.dtype)[:, :, None]
    return (table[ids] * there).sum(1) / (there.sum(1) + 1)


def _without_the_unknown(ids: Tensor, table: Tensor) -> Tensor:
    there = (ids > 1).to(table.dtype)[:, :, None]
    return (table[ids] * there).sum(1) / there.sum(1).clamp(min=1)


def _texts() -> Iterator[Case]:
    table = torch.tensor([[7.0, 7.0], [1.0, 0.0], [2.0, 4.0], [6.0, 0.0]])
    yield given(torch.tensor([[2, 3]]), table)
    yield given(torch.tensor([[2, 3, 0, 0]]), table)
    yield given(torch.tensor([[2, 1, 0]]), table)  # a word without a number of its own is still a word
    yield given(torch.tensor([[0, 0], [3, 2]]), table)  # a text without a word
    generator = torch.Generator().manual_seed(0)
    for n, length, words, width in ((3, 4, 5, 1), (4, 6, 7, 3), (6, 9, 12, 4)):
        ids = torch.randint(1, words, (n, length), generator=generator)
        lengths = torch.randint(0, length + 1, (n, 1), generator=generator)
        ids = ids * (torch.arange(length) < lengths)
        yield given(ids, torch.randn(words, width, generator=generator))
    yield given(torch.tensor([[1, 2, 0], [2, 2, 1]]), torch.randn(3, 4, generator=generator, dtype=torch.float64))


MEAN = Exercise(
    name="text-1",
    title=Text(zh="填充不算数的平均", en="A mean without the padding"),
    statement=Text(
        zh="一批句子长短不一，短的在后面用 0 补齐。求每句话的词向量的平均，补多少个 0 都不许改变它，哪怕表里第 0 行不是零。一个词也没有的句子，平均算作零向量。编号 1 是词表里没有的词元，它也是词。",
        en="The texts of a batch differ in length, and the short ones are filled up with 0 at their end. Find the mean of the word vectors of each text. No amount of padding may change it, even where row 0 of the table is not zero. For a text without any word the mean is the zero vector. The number 1 stands for tokens without a number of their own, and these are words as well.",
    ),
    takes=Text(
        zh="ids：int64 (N, L)，0 是填充；table：(V, D)，每个词一行。返回 (N, D)，dtype 与 table 相同。",
        en="ids: int64 (N, L), 0 is padding; table: (V, D), a row for each word. Returns (N, D), of the dtype of table.",
    ),
    hints=(
        Text(
            zh="哪些位置上真的有词？做一个由 0 和 1 组成的张量。",
            en="Where are there really words? Make a tensor of 0 and 1 that says so.",
        ),
        Text(
            zh="填充在平均里出现两次：加的时候，除的时候。",
            en="Padding enters a mean twice: in what is added up, and in what it is divided by.",
        ),
        Text(
            zh="一个词也没有的句子，除以几？",
            en="What do you divide by for a text without a word?",
        ),
    ),
    solution=mean_vector,
    explanation=Text(
        zh="掩码用了两次：乘上去，填充的向量就不进总和；加起来，就是词的个数。空句子的总和已经是零，除以几都行，只是不能除以 0，所以个数至少取 1。",
        en="The mask serves twice: multiplied, it keeps the padding's vectors out of the sum; added up, it counts the words. The sum of an empty text is zero already, whatever it is divided by, as long as that is not 0; hence a count of at least 1.",
    ),
    cases=_texts,
    tried=Text(
        zh="没有填充、有填充、全是填充的句子，第 0 行不是零的表，各种大小和两种浮点类型，都与一句一句算出来的一致。",
        en="texts with, without and of nothing but padding, tables whose row 0 is not zero, several sizes and two floating dtypes all agree with what comes out text by text.",
    ),
    mistakes=(
        Mistake(
            _by_the_length,
            Text(
                zh="填充既加进了总和，也算进了个数。换一批更长的句子，答案就变了。",
                en="Padding is in the sum, and in the count. Next to a longer text the answer would be another.",
            ),
        ),
        Mistake(
            _watered_down,
            Text(
                zh="总和对了，除的却是补齐之后的长度：句子越短，平均越淡。",
                en="The sum is right, but you divide it by the padded length: the shorter the text, the more it is watered down.",
            ),
        ),
        Mistake(
            _padding_added,
            Text(
                zh="个数对了，总和里却还有填充的向量。`padding_idx` 不保证那一行是零。",
                en="The count is right, but the padding's vectors are still in the sum. `padding_idx` does not promise that this row is zero.",
            ),
        ),
        Mistake(
            _by_nothing,
            Text(
                zh="一个词也没有的句子，0 除以 0 得 NaN，而且会传遍后面的每一层。",
                en="For a text without a word 0 is divided by 0. That is NaN, which spreads to all that follows.",
            ),
        ),
        Mistake(
            _one_more,
            Text(
                zh="为了不除以 0，你给每一句的个数都加了 1，有词的句子也就不对了。",
                en="So as not to divide by 0 you add 1 to every count, and texts that have words come out too small.",
            ),
        ),
        Mistake(
            _without_the_unknown,
            Text(
                zh="编号 1 你也当作填充了。没有编号的词元也是词，只是不知道是哪一个。",
                en="You take the number 1 for padding too. A token without a number of its own is a word; it is only not known which.",
            ),
        ),
    ),
    reference=_text_by_text,
)

# --- text-2 ---


def detector(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first, second], dim=1), -1.0


def _in_the_other_order(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([second, first], dim=1), -1.0


def _without_a_threshold(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first, second], dim=1), 0.0


def _too_strict(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first, second], dim=1), -2.0


def _either_place(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first + second, first + second], dim=1), -1.0


def _places_first(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first, second]), -1.0


def _second_alone(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([torch.zeros_like(first), second], dim=1), -0.5


def _first_alone(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first, torch.zeros_like(second)], dim=1), -0.5


def _reshaped(first: Tensor, second: Tensor) -> tuple[Tensor, float]:
    return torch.stack([first, second]).reshape(-1, 2), -1.0


def _word_vectors(width: int) -> Tensor:
    """Of length 1 and at right angles: unit vectors, turned in each plane of two neighbours. One row a word."""
    table = torch.eye(width)
    for i in range(width - 1):
        turn = torch.eye(width)
        turn[i : i + 2, i : i + 2] = torch.tensor([[0.6, -0.8], [0.8, 0.6]])
        table = table @ turn
    return table


def _pairs() -> Iterator[Case]:
    table = torch.eye(3)
    yield given(table[0], table[1])
    yield given(table[2], table[0])
    for width, first, second in ((3, 0, 2), (4, 3, 1), (5, 2, 3)):
        table = _word_vectors(width)
        yield given(table[first], table[second])


OTHER_ORDER = Text(
    zh="你认的是“B A”。卷积不旋转核：第一列盖住的是前一个词。",
    en="You find “B A”. The filter is not rotated: its first column covers the earlier word.",
)
TOO_LOW = Text(
    zh="门槛太低：只对上一个词，就已经有响应了。",
    en="Your threshold is too low: one word that fits is enough for a response.",
)
TOO_HIGH = Text(
    zh="门槛太高：两个词都对上了，还是没有响应。",
    en="Your threshold is too high: even with both words in place there is no response.",
)
EITHER_PLACE = Text(
    zh="你的两列一样，次序就看不见了：“B A”、“A A”也响应。",
    en="Your two columns are the same, and so blind to the order: “B A” and “A A” get a response too.",
)
SECOND_ALONE = Text(
    zh="你只看了后一个词；前面是什么，核并不知道。",
    en="You look at the second word alone; what stands before it the filter cannot know.",
)
FIRST_ALONE = Text(
    zh="你只看了前一个词；后面是什么，核并不知道。",
    en="You look at the first word alone; what stands behind it the filter cannot know.",
)
JUMBLED = Text(
    zh="每一列应当是一个词的词向量。`reshape` 只会把数重新断行；两个向量要并排摆成两列。",
    en="Each column should be the vector of one word. `reshape` only breaks the numbers into other rows; put the two vectors side by side as columns.",
)


def _why(text: str, w: Tensor, turned: bool, words: Tensor) -> Text | None:
    """What is wrong with a filter that fails at this text, whatever its size; ``turned``: it responds to B A."""
    if text == "A B":
        fits, fits_turned = (bool(((w.T * pair).sum(1) > 0).all()) for pair in (words, words.flip(0)))
        if fits_turned and (turned or not fits):
            return OTHER_ORDER
        return TOO_HIGH if fits else JUMBLED
    if not w[:, 0].any():
        return SECOND_ALONE
    if not w[:, 1].any():
        return FIRST_ALONE
    if torch.equal(w[:, 0], w[:, 1]):
        return EITHER_PLACE
    return TOO_LOW if text in ("A", "B") else None


def _response(words: Tensor, w: Tensor, b: float) -> float:
    """The largest response to a text, from whose ends zeros reach out."""
    return (F.conv1d(F.pad(words.T[None], (1, 1)), w[None]) + b).relu().max().item()


def _finds(answer: Callable[..., object], case: Case) -> Fault | None:
    first, second = case.arguments
    value = answer(first, second)
    wanted = (len(first), 2)
    pair = isinstance(value, tuple | list) and len(value) == 2
    w, b = value if pair else (None, None)  # type: ignore[misc]
    number = b.numel() == 1 if isinstance(b, Tensor) else isinstance(b, int | float)
    if not (number and isinstance(w, Tensor) and w.shape == wanted):
        rule = Text(
            zh=f"应当返回 (w, b)：w 的形状是 {wanted}，b 是一个数",
            en=f"(w, b) must be returned: w of the shape {wanted}, and b, a number",
        )
        return Fault(rule, came=value)
    third = torch.linalg.svd(torch.stack([first, second])).Vh[2]  # another word
    vectors = {"A": first, "B": second, "C": third}
    w, b = w.detach().float(), float(b)
    rounding = 1e-4 * float(w.abs().max())  # as far from 0 as a response may be by rounding alone
    for text in ("A B", "A", "B", "C", "B A", "A C", "C B", "A C B", "B B", "A A", "C A B", "A B C", "B A C", "A A B"):
        response = _response(torch.stack([vectors[word] for word in text.split()]), w, b)
        found = "A B" in text
        if found != (response > (0 if found else rounding)):
            sign = ">" if found else "="
            rule = Text(
                zh=f"句子 {text} 的最大响应应当 {sign} 0，得到的是 {response:.4g}",
                en=f"the largest response to the text {text} must be {sign} 0, and is {response:.4g}",
            )
            turned = _response(torch.stack([second, first]), w, b) > rounding
            return Fault(rule, came=value, hint=_why(text, w, turned, torch.stack([first, second])))
    return None


DETECTOR = Exercise(
    name="text-2",
    title=Text(zh="“not good”的探测器", en="A filter for “not good”"),
    statement=Text(
        zh="亲手写一个宽度为 2 的核和它的偏置，认一个二元组：先是词 A，紧接着是词 B。过了 ReLU、对时间取最大之后，句子里有“A B”，响应就大于 0；没有，就正好是 0，哪怕两个词都在，只是次序相反或者隔着别的词。所有词向量的长度都是 1，两两垂直；句子两头补零。",
        en="Write by hand a filter of width 2 and its bias that find one pair of words: word A, and right behind it word B. After ReLU and the maximum over time the response is above 0 if the text has “A B” in it, and exactly 0 if not, even where both words are there, in the other order or with a word between. All word vectors have the length 1 and stand at right angles to each other; zeros lie beyond both ends of a text.",
    ),
    takes=Text(
        zh="first、second：词 A 和词 B 的词向量 (D,)。返回 (w, b)：w 是 (D, 2)，b 是一个数。",
        en="first, second: the word vectors of A and B, (D,). Returns (w, b): w is (D, 2), b a number.",
    ),
    hints=(
        Text(
            zh="这样的词向量，与自己的内积是多少？与别的词呢？",
            en="What is the inner product of such a vector with itself, and with that of another word?",
        ),
        Text(
            zh="两个词都对上时，两格加起来是多少？只对上一个呢？",
            en="What do the two places add up to where both words fit, and where one does?",
        ),
        Text(
            zh="偏置是一道门槛：它该放在这两个数的哪里？",
            en="The bias is a threshold. Where does it belong between these two?",
        ),
    ),
    solution=detector,
    explanation=Text(
        zh="每一格放上要认的那个词的词向量。两个都对上，和是 2；只对上一个，和是 1；偏置取 −1，ReLU 之后就只剩前一种。次序由格子管：同样两个词倒过来，两格都对不上。大于 −2、不大于 −1 的偏置都行。",
        en="At each place stands the vector of the word that is wanted there. Where both fit, the sum is 2; where one does, it is 1. With a bias of −1 ReLU leaves the first of these only. The places see to the order: with the words the other way round neither fits. Any bias above −2 and up to −1 will do.",
    ),
    cases=_pairs,
    tried=Text(
        zh="三维到五维的词向量，每次 14 个句子：有的有“A B”，有的只有一个词，有的次序相反，有的中间隔着别的词。",
        en="with word vectors of three to five numbers, 14 texts each: with “A B”, with one of the words, with both in the other order, and with another word between.",
    ),
    mistakes=(
        Mistake(_in_the_other_order, OTHER_ORDER),
        Mistake(_without_a_threshold, TOO_LOW),
        Mistake(_too_strict, TOO_HIGH),
        Mistake(_either_place, EITHER_PLACE),
        Mistake(
            _places_first,
            Text(
                zh="轴的次序反了：PyTorch 的核，通道在前，位置在后。",
                en="The axes are the wrong way round: in PyTorch a kernel has its channels first and its places last.",
            ),
        ),
        Mistake(_second_alone, SECOND_ALONE),
        Mistake(_first_alone, FIRST_ALONE),
        Mistake(_reshaped, JUMBLED),
    ),
    judge=_finds,
)

# --- text-3 ---


def shares(h: Tensor, weight: Tensor) -> Tensor:
    largest, places = h.max(1)
    share = (weight[1] - weight[0]) * largest
    return torch.zeros_like(h[0]).index_add(0, places, share)


def _filter_by_filter(h: Tensor, weight: Tensor) -> Tensor:
    found = [0.0] * h.shape[1]
    for c, row in enumerate(h.tolist()):
        place = row.index(max(row))
        found[place] += row[place] * (weight[1, c] - weight[0, c]).item()
    return torch.tensor(found, dtype=h.dtype)


def _all_responses(h: Tensor, weight: Tensor) -> Tensor:
    return (weight[1] - weight[0]) @ h


def _praise_alone(h: Tensor, weight: Tensor) -> Tensor:
    largest, places = h.max(1)
    return torch.zeros_like(h[0]).index_add(0, places, weight[1] * largest)


def _complaint_less_praise(h: Tensor, weight: Tensor) -> Tensor:
    return -shares(h, weight)


def _last_place(h: Tensor, weight: Tensor) -> Tensor:
    return shares(h.flip(1), weight).flip(0)


def _every_largest(h: Tensor, weight: Tensor) -> Tensor:
    return ((weight[1] - weight[0])[:, None] * h * (h == h.amax(1, keepdim=True))).sum(0)


def _written_over(h: Tensor, weight: Tensor) -> Tensor:
    largest, places = h.max(1)
    share, found = (weight[1] - weight[0]) * largest, torch.zeros_like(h[0])
    for place, one in zip(places.tolist(), share, strict=True):
        found[place] = one
    return found


def _not_weighted(h: Tensor, weight: Tensor) -> Tensor:
    largest, places = h.max(1)
    return torch.zeros_like(h[0]).index_add(0, places, largest)


def _strongest_filter(h: Tensor, weight: Tensor) -> Tensor:
    largest, filters = h.max(0)
    return (weight[1] - weight[0])[filters] * largest


def _answers() -> Iterator[Case]:
    yield given(torch.tensor([[0.0, 4.0, 1.0]]), torch.tensor([[1.0], [3.0]]))
    yield given(torch.tensor([[0.0, 4.0, 1.0], [2.0, 0.0, 5.0]]), torch.tensor([[1.0, 0.0], [3.0, -2.0]]))
    yield given(torch.tensor([[0.0, 4.0], [1.0, 3.0]]), torch.tensor([[1.0, 0.0], [3.0, -2.0]]))  # one place for both
    yield given(torch.tensor([[4.0, 1.0, 4.0]]), torch.tensor([[1.0], [3.0]]))  # the maximum is reached twice
    generator = torch.Generator().manual_seed(0)
    for c, length, dtype in (
        (3, 4, torch.float32),
        (5, 3, torch.float32),
        (8, 12, torch.float32),
        (6, 5, torch.float64),
    ):
        h = torch.randn(c, length, generator=generator, dtype=dtype).relu()
        yield given(h, torch.randn(2, c, generator=generator, dtype=dtype))


SHARES = Exercise(
    name="text-3",
    title=Text(zh="回答是凭哪些位置下的", en="Which places decided"),
    statement=Text(
        zh="C 个核在一句话的 L 个位置上的响应是 `h`，都已过了 ReLU；每个核只留最大的响应，线性层 `weight` 再从中算出贬（0）和褒（1）的得分。把“褒”减“贬”的差（不算偏置）拆到各个位置上：每个位置分到多少？全部加起来，要正好等于这个差。最大值在几处一样大时，算在第一处。",
        en="The responses of C filters at the L places of a text are `h`, after ReLU; of each filter the largest is kept, and from these the linear layer `weight` works out the scores of complaint (0) and praise (1). Take the margin, praise less complaint and without the bias, apart: what is the share of each place? Together they must be the margin. Where a maximum is reached more than once, the first place counts.",
    ),
    takes=Text(
        zh="h：(C, L)，≥ 0；weight：(2, C)。返回 (L,)，dtype 与 h 相同。",
        en="h: (C, L), ≥ 0; weight: (2, C). Returns (L,), of the dtype of h.",
    ),
    hints=(
        Text(
            zh="线性层看到每个核的几个响应？其余的响应改一改，回答会变吗？",
            en="How many responses of a filter does the linear layer see? Would the answer change if the others did?",
        ),
        Text(
            zh="一个核给差贡献多少？写出褒的得分和贬的得分，再相减。",
            en="What does one filter add to the margin? Write down its part in both scores, and subtract.",
        ),
        Text(
            zh="两个核的最大响应可能在同一个位置。",
            en="Two filters may have their largest response at the same place.",
        ),
    ),
    solution=shares,
    explanation=Text(
        zh="第 c 个核贡献 W₁ − W₀ 乘以它的最大响应，整个算在取到最大的那个位置；几个核落在同一处就相加，所以用 `index_add`，不能直接赋值。其余的响应，线性层没有看见，一分也没有。",
        en="Filter c adds W₁ − W₀, times its largest response, all of it at the place where that is. Where several filters meet they are added up, hence `index_add` rather than assignment. The other responses were not seen by the linear layer, and have no share.",
    ),
    cases=_answers,
    tried=Text(
        zh="1 到 8 个核、2 到 12 个位置、几个核落在同一处和最大值不止一处的句子、两种浮点类型，都与一个核一个核算出来的一致，加起来就是那个差。",
        en="for 1 to 8 filters, 2 to 12 places, texts in which several filters meet at one place or a maximum is reached twice, and two floating dtypes, it is what comes out filter by filter, and adds up to the margin.",
    ),
    mistakes=(
        Mistake(
            _all_responses,
            Text(
                zh="你把每个核的全部响应都算上了。对时间取最大之后，线性层只看见最大的那个。",
                en="You count all responses of each filter. After the maximum over time the linear layer sees the largest alone.",
            ),
        ),
        Mistake(
            _praise_alone,
            Text(
                zh="这是“褒”的得分里的份额。还要减去它在“贬”的得分里的份额。",
                en="This is the share in the score of praise. From it goes the share in the score of complaint.",
            ),
        ),
        Mistake(
            _complaint_less_praise,
            Text(
                zh="符号反了：是褒减贬，大于 0 才是褒。",
                en="The sign is wrong: it is praise less complaint, and a sum above 0 is praise.",
            ),
        ),
        Mistake(
            _last_place,
            Text(
                zh="最大值在几处一样大时，你算在了最后一处。题目要的是第一处。",
                en="Where a maximum is reached more than once, you take the last place. The first was asked for.",
            ),
        ),
        Mistake(
            _every_largest,
            Text(
                zh="最大值在几处一样大时，你每一处都算了一份，加起来就比差多了。",
                en="Where a maximum is reached more than once, you give each place a full share, and together they exceed the margin.",
            ),
        ),
        Mistake(
            _written_over,
            Text(
                zh="几个核落在同一处时，后一个把前一个抹掉了。",
                en="Where several filters meet at one place, a later one wipes out the earlier.",
            ),
        ),
        Mistake(
            _not_weighted,
            Text(
                zh="最大响应和位置都对，线性层的权重没有用上。",
                en="Largest responses and places are right, but the weights of the linear layer are not used.",
            ),
        ),
        Mistake(
            _strongest_filter,
            Text(
                zh="你在每个位置上挑了最强的核。最大值是每个核沿着句子取的。",
                en="You pick the strongest filter at each place. The maximum is taken of each filter, along the text.",
            ),
        ),
    ),
    reference=_filter_by_filter,
)

EXERCISES = (MEAN, DETECTOR, SHARES)
