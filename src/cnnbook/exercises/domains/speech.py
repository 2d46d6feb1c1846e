"""Exercises of 5.17.5: how many frames, where the mel bands lie, a log-mel spectrogram.

References:
    S. B. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word recognition", IEEE Trans.
    ASSP 28, 1980.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.domains.speech import frames, hertz_to_mel, mel_filters, mel_to_hertz, power_spectrum
from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- speech-1 ---


def frame_count(samples: int, window: int, hop: int, center: bool) -> int:
    length = samples + window if center else samples
    return max(0, 1 + (length - window) // hop)


def _counted(samples: int, window: int, hop: int, center: bool) -> int:
    """One by one, as long as a frame fits."""
    length, start, count = samples + center * window, 0, 0
    while start + window <= length:
        start, count = start + hop, count + 1
    return count


def _one_too_few(samples: int, window: int, hop: int, center: bool) -> int:
    return frame_count(samples, window, hop, center) - 1


def _rounded_up(samples: int, window: int, hop: int, center: bool) -> int:
    length = samples + window if center else samples
    return max(0, 1 - (window - length) // hop)


def _side_by_side(samples: int, window: int, hop: int, center: bool) -> int:
    return (samples + center * window) // window


def _one_end(samples: int, window: int, hop: int, center: bool) -> int:
    return frame_count(samples + center * (window // 2), window, hop, False)


def _never_padded(samples: int, window: int, hop: int, center: bool) -> int:
    return frame_count(samples, window, hop, False)


def _always_padded(samples: int, window: int, hop: int, center: bool) -> int:
    return frame_count(samples, window, hop, True)


def _below_nothing(samples: int, window: int, hop: int, center: bool) -> int:
    return 1 + (samples + center * window - window) // hop


def _recordings() -> Iterator[Case]:
    yield given(8, 4, 2, False)
    yield given(9, 4, 2, False)
    yield given(8, 4, 2, True)
    yield given(3, 4, 2, False)  # no frame fits
    yield given(1, 6, 2, False)
    for samples, window, hop in (
        (8, 4, 1),
        (10, 4, 3),
        (5, 4, 7),
        (4, 4, 4),
        (7, 2, 1),
        (5600, 256, 160),
        (8000, 256, 160),
    ):
        yield given(samples, window, hop, False)
        yield given(samples, window, hop, True)


COUNT = Exercise(
    name="speech-1",
    title=Text(zh="有几帧", en="How many frames"),
    statement=Text(
        zh="一段录音有 `samples` 个样本，每帧 `window` 个（偶数），帧移是 `hop`。能切出几个完整的帧？`center` 为真时，像 `torch.stft` 默认的那样，先在两头各补半帧；为假时不补。一帧也放不下，就是 0。",
        en="A recording has `samples` samples, a frame has `window` of them (an even number), and the hop is `hop`. How many whole frames can be cut from it? Where `center` is true, half a frame is added at both ends first, as `torch.stft` does by default; where it is false, nothing is. If not one frame fits, there are 0.",
    ),
    takes=Text(
        zh="samples、window、hop：≥ 1 的整数，window 是偶数；center：布尔值。返回整数。",
        en="samples, window, hop: ints ≥ 1, window even; center: a bool. Returns an int.",
    ),
    hints=(
        Text(
            zh="第 n 帧从哪个样本开始，到哪个样本为止？从 0 数起。",
            en="With which sample does frame n begin, and with which does it end? Count from 0.",
        ),
        Text(
            zh="这就是卷积的输出尺寸：核长 `window`，步长 `hop`。",
            en="This is the output size of a convolution, with a kernel of `window` and a stride of `hop`.",
        ),
        Text(
            zh="两头各补半帧，一共补了多少？",
            en="Half a frame at both ends makes how much in all?",
        ),
    ),
    solution=frame_count,
    explanation=Text(
        zh="第一帧占去 `window` 个样本，剩下的每够一个帧移，就多一帧：1 + ⌊(N − w) / h⌋。补过之后，长度多出整整一帧，所以是 1 + ⌊N / h⌋，与帧长无关。录音比一帧还短时，式子可能得到负数，帧数却不能少于 0。",
        en="The first frame takes `window` samples, and each further hop that fits makes one more: 1 + ⌊(N − w) / h⌋. Padded, the recording is longer by just one frame, which gives 1 + ⌊N / h⌋, whatever the frame's length. Where the recording is much shorter than a frame the formula falls below 0; the number of frames does not.",
    ),
    cases=_recordings,
    tried=Text(
        zh="从 1 个样本到一秒钟的录音，有余数的和没有余数的、比一帧还短的、帧移比帧还长的，补的和不补的，都与一帧一帧数出来的一致。",
        en="from 1 sample to a second of sound, with and without a remainder, shorter than a frame, with a hop longer than a frame, padded and not, it is what counting frame by frame gives.",
    ),
    mistakes=(
        Mistake(
            _one_too_few,
            Text(
                zh="少了第一帧：剩下的样本够几个帧移，就是第一帧之外还有几帧。",
                en="The first frame is missing: the hops that fit into the rest are the frames besides it.",
            ),
        ),
        Mistake(
            _rounded_up,
            Text(
                zh="最后一帧不完整也算上了。放不下的余数不算。",
                en="You count a last frame that is not whole. What is left over does not make one.",
            ),
        ),
        Mistake(
            _side_by_side,
            Text(
                zh="你让各帧一段挨着一段。相邻两帧错开的是一个帧移，不是一帧。",
                en="Your frames lie side by side. From one to the next it is a hop, rather than a frame.",
            ),
        ),
        Mistake(
            _one_end,
            Text(
                zh="只补了一头。两头各补半帧。",
                en="You pad one end. It is half a frame at both.",
            ),
        ),
        Mistake(
            _never_padded,
            Text(
                zh="`center` 没有用上：补过之后，录音变长了。",
                en="You make nothing of `center`: padded, the recording is longer.",
            ),
        ),
        Mistake(
            _always_padded,
            Text(
                zh="`center` 为假时你也补了。书里的谱是不补的。",
                en="You pad where `center` is false, too. The spectrograms of this book are not padded.",
            ),
        ),
        Mistake(
            _below_nothing,
            Text(
                zh="录音比一帧短得多时，你的帧数成了负数。",
                en="Where the recording is much shorter than a frame, your number of frames is negative.",
            ),
        ),
    ),
    reference=_counted,
)

# --- speech-2 ---


def corners(bands: int, rate: int) -> Tensor:
    top = 2595 * math.log10(1 + rate / 2 / 700)
    mel = torch.linspace(0, top, bands + 2, dtype=torch.float64)
    return 700 * (10 ** (mel / 2595) - 1)


def _one_by_one(bands: int, rate: int) -> Tensor:
    top = hertz_to_mel(rate / 2).item()
    return torch.stack([mel_to_hertz(top * b / (bands + 1)) for b in range(bands + 2)])


def _evenly_in_hertz(bands: int, rate: int) -> Tensor:
    return torch.linspace(0, rate / 2, bands + 2, dtype=torch.float64)


def _too_few(bands: int, rate: int) -> Tensor:
    return mel_to_hertz(torch.linspace(0, hertz_to_mel(rate / 2).item(), bands, dtype=torch.float64))


def _one_too_few(bands: int, rate: int) -> Tensor:
    return mel_to_hertz(torch.linspace(0, hertz_to_mel(rate / 2).item(), bands + 1, dtype=torch.float64))


def _up_to_the_rate(bands: int, rate: int) -> Tensor:
    return corners(bands, 2 * rate)


def _left_in_mel(bands: int, rate: int) -> Tensor:
    return torch.linspace(0, hertz_to_mel(rate / 2).item(), bands + 2, dtype=torch.float64)


def _natural(bands: int, rate: int) -> Tensor:
    """The way there with log10, the way back with e."""
    mel = torch.linspace(0, hertz_to_mel(rate / 2).item(), bands + 2, dtype=torch.float64)
    return 700 * ((mel / 2595).exp() - 1)


def _scales() -> Iterator[Case]:
    for bands, rate in ((1, 1400), (2, 8000), (8, 8000), (24, 8000), (5, 16000), (40, 44100)):
        yield given(bands, rate)


CORNERS = Exercise(
    name="speech-2",
    title=Text(zh="梅尔三角形放在哪里", en="Where the mel triangles stand"),
    statement=Text(
        zh="`bands` 个三角形在梅尔刻度上等距，从 0 Hz 一直排到采样率 `rate` 的一半；每个三角形的左右两脚，正好在相邻三角形的顶点之下。求所有的脚和顶点在哪些频率上。",
        en="The corners of `bands` triangles are equally far apart in mel, from 0 Hz to half the sample rate, `rate`; each triangle has its feet right under the tops of its neighbours. At which frequencies are all these feet and tops?",
    ),
    takes=Text(
        zh="bands ≥ 1；rate：每秒的样本数。返回频率，单位 Hz，从小到大，不重复，float64。",
        en="bands ≥ 1; rate: samples per second. Returns the frequencies in Hz, rising, each once, float64.",
    ),
    hints=(
        Text(
            zh="一个三角形有几个角点？两个呢，共用的只算一次？",
            en="How many corners has one triangle? How many have two, if what they share counts once?",
        ),
        Text(
            zh="先把两端的频率换算成梅尔，等距地取点，再换算回去。",
            en="Turn both ends into mel, take points at equal distances, and turn those back.",
        ),
        Text(
            zh="从 `m = 2595 · log₁₀(1 + f / 700)` 解出 f。",
            en="Solve `m = 2595 · log₁₀(1 + f / 700)` for f.",
        ),
    ),
    solution=corners,
    explanation=Text(
        zh="B 个顶点，加上最左的脚和最右的脚，一共 B + 2 个点，在梅尔上等距。换算回去是 `700 · (10 ** (m / 2595) − 1)`。采样率的一半以上什么也录不下，三角形就放到那里为止。",
        en="B tops and the outermost feet make B + 2 points, equally far apart in mel. The way back is `700 · (10 ** (m / 2595) − 1)`. Above half the sample rate nothing can be recorded, so there the triangles end.",
    ),
    cases=_scales,
    tried=Text(
        zh="1 到 40 个频带、采样率 1.4 到 44.1 kHz，都与一个点一个点算出来的一致。",
        en="for 1 to 40 bands and rates from 1.4 to 44.1 kHz it is what comes out point by point.",
    ),
    mistakes=(
        Mistake(
            _evenly_in_hertz,
            Text(
                zh="你在赫兹上等距。三角形应当在低处密，在高处疏。",
                en="Yours are equally far apart in hertz. The triangles should crowd where pitches are low.",
            ),
        ),
        Mistake(
            _too_few,
            Text(
                zh="点数等于频带数，最左和最右的两只脚就没有地方放了。",
                en="With as many points as bands, the outermost feet have no place.",
            ),
        ),
        Mistake(
            _one_too_few,
            Text(
                zh="还差一个点：画一个三角形，数数它的角点。",
                en="One point is missing: draw a single triangle and count its corners.",
            ),
        ),
        Mistake(
            _up_to_the_rate,
            Text(
                zh="你一直排到了采样率。采样率的一半以上，录音里什么也没有。",
                en="You go all the way up to the sample rate. Above half of it a recording has nothing.",
            ),
        ),
        Mistake(
            _left_in_mel,
            Text(
                zh="这些点还是梅尔。要的是赫兹。",
                en="These points are still in mel. They are wanted in hertz.",
            ),
        ),
        Mistake(
            _natural,
            Text(
                zh="换算过去用的是以 10 为底的对数，换算回来就要用 10 的幂。",
                en="The way there has a logarithm to the base 10, so the way back has a power of 10.",
            ),
        ),
    ),
    reference=_one_by_one,
    tolerance=1e-6,
)

# --- speech-3 ---


def log_mel(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    pieces = wave.unfold(0, window, hop)
    t = torch.arange(window, dtype=wave.dtype)
    hann = 0.5 - 0.5 * torch.cos(2 * torch.pi * t / window)
    power = torch.fft.rfft(pieces * hann).abs() ** 2
    return 10 * (power @ filters.T).clamp(min=1e-10).log10().T


def _bands(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    return (power_spectrum(frames(wave, window, hop)) @ filters.T).T


def _library(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    return 10 * _bands(wave, window, hop, filters).clamp(min=1e-10).log10()


def _mean_of_logs(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    decibels = 10 * power_spectrum(frames(wave, window, hop)).clamp(min=1e-10).log10()
    return (decibels @ filters.T).T


def _no_floor(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    return 10 * _bands(wave, window, hop, filters).log10()


def _magnitudes(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    magnitude = power_spectrum(frames(wave, window, hop)).sqrt()
    return 10 * (magnitude @ filters.T).clamp(min=1e-10).log10().T


def _no_window(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    power = torch.fft.rfft(frames(wave, window, hop)).abs() ** 2
    return 10 * (power @ filters.T).clamp(min=1e-10).log10().T


def _symmetric(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    hann = torch.hann_window(window, periodic=False, dtype=wave.dtype)
    power = torch.fft.rfft(frames(wave, window, hop) * hann).abs() ** 2
    return 10 * (power @ filters.T).clamp(min=1e-10).log10().T


def _natural(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    return _library(wave, window, hop, filters) * math.log(10)


def _floor_added(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    return 10 * (_bands(wave, window, hop, filters) + 1e-10).log10()


def _frames_first(wave: Tensor, window: int, hop: int, filters: Tensor) -> Tensor:
    return _library(wave, window, hop, filters).T


def _waves() -> Iterator[Case]:
    turn = torch.tensor([0.0, 1.0, 0.0, -1.0])
    yield given(turn, 4, 2, torch.eye(3)[1:2])
    yield given(
        torch.tensor([0.0, 1.0, 0.0, -1.0, 0.0, 2.0, 2.0, 0.0]), 4, 2, torch.tensor([[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]])
    )
    yield given(torch.zeros(6), 4, 1, torch.tensor([[0.0, 1.0, 1.0]]))  # silence
    yield given(2e-5 * turn, 4, 2, torch.eye(3)[1:2])  # nearly
    generator = torch.Generator().manual_seed(0)
    for samples, window, hop, bands in ((40, 16, 8, 3), (100, 32, 12, 5), (300, 64, 20, 8)):
        yield given(torch.randn(samples, generator=generator), window, hop, mel_filters(bands, window, 8000))
    wave = torch.randn(500, generator=generator, dtype=torch.float64)
    yield given(wave, 128, 50, mel_filters(12, 128, 8000).double())


SPECTROGRAM = Exercise(
    name="speech-3",
    title=Text(zh="对数梅尔谱", en="A log-mel spectrogram"),
    statement=Text(
        zh="四步都写出来：分帧，不补零；汉恩窗和功率谱；用给好的滤波器 `filters` 加权求和，并成频带；取对数，变成分贝，功率先垫一个下限 1e-10。汉恩窗在一帧里正好走完一周，与书里的一样：4 个样本的窗是 0, 0.5, 1, 0.5。",
        en="Write all four steps: frames, without padding; a Hann window and the power spectrum; the bands, weighted sums by the `filters` that are given; and decibels, with the power raised to a floor of 1e-10 before the logarithm. The Hann window turns just once in a frame, as in this section: over 4 samples it is 0, 0.5, 1, 0.5.",
    ),
    takes=Text(
        zh="wave：(N,)；window、hop：帧长和帧移；filters：(B, window // 2 + 1)。返回 (B, M)，M 是帧数，dtype 与 wave 相同。",
        en="wave: (N,); window, hop: samples of a frame and of a hop; filters: (B, window // 2 + 1). Returns (B, M), M the number of frames, of the dtype of wave.",
    ),
    hints=(
        Text(
            zh="`unfold` 能分帧，`torch.fft.rfft` 给出从零到一半采样率的频率。",
            en="`unfold` cuts frames, and `torch.fft.rfft` gives the frequencies up to half the sample rate.",
        ),
        Text(
            zh="功率是模的平方。先并成频带再取对数，还是反过来？",
            en="Power is the magnitude squared. Which comes first, the bands or the logarithm?",
        ),
        Text(
            zh="全静的一段，功率正好是 0。",
            en="In complete silence the power is exactly 0.",
        ),
    ),
    solution=log_mel,
    explanation=Text(
        zh="窗的周期是 `window`，不是 `window − 1`。频带是功率的加权和，所以先求和再取对数；对数的和是功率的乘积，一个安静的频率就能把整个频带拉下去。下限是“至少取这么多”，不是“再加这么多”。",
        en="The period of the window is `window`, not `window − 1`. A band is a weighted sum of powers, so the sum comes before the logarithm: a sum of logarithms is a product of powers, which one quiet frequency drags down. The floor is the least that the power may be, and is not added to it.",
    ),
    cases=_waves,
    tried=Text(
        zh="书里手算的波形、全静的一段、噪声、各种帧长和帧移、一个到 12 个频带、两种浮点类型，都与书里的函数一致。",
        en="the waveform done by hand in the section, silence, noise, several frames and hops, one to 12 bands and two floating dtypes all agree with the book's functions.",
    ),
    mistakes=(
        Mistake(
            _mean_of_logs,
            Text(
                zh="你先取了对数，再并成频带。频带里加起来的应当是功率。",
                en="You take the logarithm first and make bands of that. What a band adds up should be powers.",
            ),
        ),
        Mistake(
            _no_floor,
            Text(
                zh="全静的地方，log 0 是 −∞。先垫一个下限。",
                en="In silence log 0 is −∞. Raise the power to the floor first.",
            ),
        ),
        Mistake(
            _floor_added,
            Text(
                zh="你把下限加了上去。它是功率至少要取的值：不到才取它。",
                en="You add the floor. It is the least that the power may be, and counts only where the power is below.",
            ),
        ),
        Mistake(
            _magnitudes,
            Text(
                zh="模还没有平方：功率是实部、虚部的平方和。",
                en="The magnitude is not squared: power is the sum of the squares of real and imaginary part.",
            ),
        ),
        Mistake(
            _no_window,
            Text(
                zh="汉恩窗没有用上：帧的两头是突然切断的。",
                en="There is no Hann window here: frames begin and end abruptly.",
            ),
        ),
        Mistake(
            _symmetric,
            Text(
                zh="你的窗两头都是 0。书里的窗一帧走完一周，下一个 0 属于下一周：4 个样本是 0, 0.5, 1, 0.5。",
                en="Your window is 0 at both ends. The one of this section turns once in a frame, and the next 0 belongs to the next turn: 0, 0.5, 1, 0.5 over 4 samples.",
            ),
        ),
        Mistake(
            _natural,
            Text(
                zh="分贝用的是以 10 为底的对数。",
                en="Decibels are logarithms to the base 10.",
            ),
        ),
        Mistake(
            _frames_first,
            Text(
                zh="数都对了，轴反了：一行是一个频带，一列是一帧。",
                en="The numbers are right and the axes are not: a row is a band and a column a frame.",
            ),
        ),
    ),
    reference=_library,
    tolerance=1e-4,
)

EXERCISES = (COUNT, CORNERS, SPECTROGRAM)
