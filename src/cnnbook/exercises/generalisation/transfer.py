"""Exercises of 5.16.10: how far settings really differ, and two networks in one setting.

References:
    R. C. Paule, J. Mandel, "Consensus values and weighting factors", J. Res. Natl. Bur. Stand. 87 (1982).
    J. Hartung, G. Knapp, "A refined method for the meta-analysis of controlled clinical trials with binary outcome",
    Statistics in Medicine 20 (2001).
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.generalisation.transfer import heterogeneity

# --- transfer-1 ---


def spread(effects: Tensor, error: float) -> float:
    real = effects.var().item() - error**2
    return max(real, 0.0) ** 0.5


def _paule_mandel(effects: Tensor, error: float) -> float:
    return heterogeneity(effects, torch.full_like(effects, error))


def _as_measured(effects: Tensor, error: float) -> float:
    return effects.std().item()


def _by_k(effects: Tensor, error: float) -> float:
    return max(effects.var(correction=0).item() - error**2, 0.0) ** 0.5


def _of_the_mean(effects: Tensor, error: float) -> float:
    return max(effects.var().item() - error**2 / len(effects), 0.0) ** 0.5


def _difference(effects: Tensor, error: float) -> float:
    return max(effects.std().item() - error, 0.0)


def _squared(effects: Tensor, error: float) -> float:
    return spread(effects, error) ** 2


def _below_zero(effects: Tensor, error: float) -> float:
    return abs(effects.var().item() - error**2) ** 0.5


def _settings() -> Iterator[Case]:
    yield given(torch.tensor([3.0, 1.0, -1.0]), 0.1)
    yield given(torch.tensor([3.0, 1.0, -1.0]), 1.5)
    yield given(torch.tensor([1.0, 1.1, 0.9]), 0.5)
    generator = torch.Generator().manual_seed(0)
    for k, error in ((2, 0.3), (6, 0.4), (6, 2.0), (20, 0.7)):
        yield given(torch.randn(k, generator=generator, dtype=torch.float64), error)


SPREAD = Exercise(
    name="transfer-1",
    title=Text(zh="场景真正相差多远", en="How far settings really differ"),
    statement=Text(
        zh="一种方法在 k 个场景里各量了一个效果，标准误差都是 `error`。量到的效果之间的差别，一部分是场景真的不同，一部分只是测量误差。求场景的离散程度 τ；如果光凭误差就解释得了全部差别，τ 是零。",
        en="A method's effect was measured in k settings, each with the standard error `error`. The effects differ partly because settings do, and partly by errors of measurement. Find the spread τ of the settings; where the errors alone explain all the differences, it is zero.",
    ),
    takes=Text(
        zh="effects：(k,)，k ≥ 2；error > 0。返回 τ，浮点数，单位与效果相同。",
        en="effects: (k,), k ≥ 2; error > 0. Returns τ, a float, in the unit of the effects.",
    ),
    hints=(
        Text(
            zh="互不相干的两份差别，什么量可以相加？",
            en="Of two unrelated sources of difference, which quantity adds up?",
        ),
        Text(
            zh="量到的方差是两份方差之和。减去已知的那一份，剩下的会不会是负数？",
            en="The variance of what was measured is the sum of both. Take away the one that is known; may what is left be negative?",
        ),
    ),
    solution=spread,
    explanation=Text(
        zh="方差可以相加：量到的方差 ≈ τ² + s²。所以 τ² 是样本方差减去 s²，减成了负数，就是零。误差都相同时，Paule 与 Mandel 的方程正好解出这个数。",
        en="Variances add up: that of the measured effects is about τ² + s². So τ² is the sample's variance less s², or zero where that is negative. Where all errors are the same, this is just what Paule and Mandel's equation comes to.",
    ),
    cases=_settings,
    tried=Text(
        zh="两个到 20 个场景、误差很小的、误差解释得了一部分的、误差解释得了全部的，都与 `heterogeneity` 一致。",
        en="two settings to 20, with errors that are small, that explain a part, and that explain all: they agree with `heterogeneity`.",
    ),
    mistakes=(
        Mistake(
            _as_measured,
            Text(
                zh="这是量到的离散程度，里面还有测量误差的一份。",
                en="This is the spread of what was measured, in which the errors have a share.",
            ),
        ),
        Mistake(
            _by_k,
            Text(
                zh="样本方差要除以 k − 1，因为平均也是从这些数算来的。",
                en="Divide by k − 1 for the sample's variance, since the mean comes from the same numbers.",
            ),
        ),
        Mistake(
            _of_the_mean,
            Text(
                zh="误差的平方你除以了 k，那是平均值的误差。每个场景的误差是整个 `error`。",
                en="You divide the squared error by k, which is for the mean. Each setting has the whole of `error`.",
            ),
        ),
        Mistake(
            _difference,
            Text(
                zh="你减的是标准差。能相减的是方差。",
                en="You subtract standard deviations. It is variances that may be subtracted.",
            ),
        ),
        Mistake(_squared, Text(zh="这是 τ²，还要开方。", en="This is τ²; take the root.")),
        Mistake(
            _below_zero,
            Text(
                zh="减成负数时，你取了绝对值。误差已经解释得了全部，τ 应当是零。",
                en="Where the difference is negative, you take it as positive. The errors explain it all then, and τ is zero.",
            ),
        ),
    ),
    reference=_paule_mandel,
    tolerance=1e-4,
)

# --- transfer-2 ---


def combined(runs: Tensor, tau: float) -> tuple[float, float]:
    k, _, seeds = runs.shape
    each = runs.mean(1)
    y, s = each.mean(1), each.std(1) / seeds**0.5
    w = 1 / (s**2 + tau**2)
    mean = (w * y).sum() / w.sum()
    error = ((w * (y - mean) ** 2).sum() / ((k - 1) * w.sum())).sqrt()
    return mean.item(), error.item()


Numbers = tuple[float, float]


def _summed_up(y: Tensor, s: Tensor, tau: float) -> Numbers:
    w = 1 / (s**2 + tau**2)
    mean = (w * y).sum() / w.sum()
    return mean.item(), ((w * (y - mean) ** 2).sum() / ((len(y) - 1) * w.sum())).sqrt().item()


def _settings_of(runs: Tensor) -> tuple[Tensor, Tensor]:
    each = runs.mean(1)
    return each.mean(1), each.std(1) / runs.shape[2] ** 0.5


def _least_squares(runs: Tensor, tau: float) -> Numbers:
    """A column of ones, fitted to the settings by weighted least squares."""
    y, s = _settings_of(runs)
    root = 1 / (s**2 + tau**2).sqrt()
    mean = torch.linalg.lstsq(root[:, None], (root * y)[:, None]).solution[0, 0]
    rest = (root * (y - mean)).square().sum() / (len(y) - 1)
    return mean.item(), (rest / root.square().sum()).sqrt().item()


def _twice_as_many(runs: Tensor, tau: float) -> Numbers:
    flat = runs.flatten(0, 1)
    return _summed_up(flat.mean(1), flat.std(1) / flat.shape[1] ** 0.5, tau)


def _twice_the_seeds(runs: Tensor, tau: float) -> Numbers:
    flat = runs.flatten(1)
    return _summed_up(flat.mean(1), flat.std(1) / flat.shape[1] ** 0.5, tau)


def _unrelated(runs: Tensor, tau: float) -> Numbers:
    return _summed_up(runs.mean((1, 2)), (runs.var(2).sum(1) / runs.shape[2]).sqrt() / 2, tau)


def _errors_alone(runs: Tensor, tau: float) -> Numbers:
    return _summed_up(*_settings_of(runs), 0.0)


def _all_alike(runs: Tensor, tau: float) -> Numbers:
    y, s = _settings_of(runs)
    return _summed_up(y, torch.ones_like(s), 0.0)


def _spread_of_seeds(runs: Tensor, tau: float) -> Numbers:
    y, s = _settings_of(runs)
    return _summed_up(y, s * runs.shape[2] ** 0.5, tau)


def _from_the_weights(runs: Tensor, tau: float) -> Numbers:
    y, s = _settings_of(runs)
    w = 1 / (s**2 + tau**2)
    return ((w * y).sum() / w.sum()).item(), (1 / w.sum()).sqrt().item()


def _networks() -> Iterator[Case]:
    generator = torch.Generator().manual_seed(0)
    for k, seeds, between, within, tau in (
        (2, 2, 2.0, 0.5, 1.0),
        (3, 5, 2.0, 0.5, 1.5),
        (6, 10, 1.0, 2.0, 0.5),
        (6, 5, 0.0, 1.0, 0.0),
    ):
        draw = [torch.randn(size, generator=generator).double() for size in ((k, 1, 1), (k, 1, seeds), (k, 2, seeds))]
        noise = within * torch.linspace(0.5, 1.5, k).double()[:, None, None]
        runs = (1 + between * draw[0] + noise * (draw[1] + 0.5 * draw[2])).mul(10).round().div(10)
        yield given(runs, tau)


COMBINED = Exercise(
    name="transfer-2",
    title=Text(zh="两个网络，一个场景", en="Two networks, one setting"),
    statement=Text(
        zh="一种方法的效果在 k 个场景里量过，每个场景都训练了两个网络，用同样的种子和同样的图像。同一个场景里的两个网络，不能算作两个场景：先把它们平均，再合并各个场景。场景的离散程度 `tau` 已知。求总平均，以及它的标准误差：各场景与总平均之差的平方，加权求和，除以 k − 1，再除以权重之和，最后开方。",
        en="A method's effect was measured in k settings. Each has two networks, trained on the same seeds and the same images. Two networks in one setting are not two settings: take their mean first, and then combine the settings, whose spread is known to be `tau`. Find the overall mean and its standard error: the weighted sum of the squared differences of the settings from that mean, over k − 1 times the sum of the weights, and of that the root.",
    ),
    takes=Text(
        zh="runs：(k, 2, S)，每个数是一个种子上的效果；k、S ≥ 2；tau ≥ 0。返回平均和标准误差，两个浮点数。",
        en="runs: (k, 2, S), the effect on one seed each; k, S ≥ 2; tau ≥ 0. Returns mean and standard error, two floats.",
    ),
    hints=(
        Text(
            zh="先对两个网络取平均，一个种子剩一个数。",
            en="Take the mean over the two networks, so that one number a seed is left.",
        ),
        Text(
            zh="一个场景的误差，由它的种子得来：样本标准差除以种子数的平方根。",
            en="The error of a setting comes from its seeds: the sample's standard deviation over the root of their number.",
        ),
        Text(zh="权重的分母里，有两份方差。", en="There are two variances in the denominator of a weight."),
    ),
    solution=combined,
    explanation=Text(
        zh="两个网络看同样的图像、用同样的种子，错也错在一起；先平均，它们共有的那份误差才不会被当成两份。然后 w = 1 / (s² + τ²)，τ 大，各场景的分量就差不多；τ 小，谁量得准谁说了算。",
        en="Networks that see the same images on the same seeds err together; with the mean taken first, what they share is not counted as if it were two. Then w = 1 / (s² + τ²): with a large τ the settings count about alike, and with a small one those that are known well decide.",
    ),
    cases=_networks,
    tried=Text(
        zh="两个到六个场景、相差很远的和几乎一样的、误差有大有小的，都与加权最小二乘一致。",
        en="two settings to six, far apart and nearly the same, with larger errors and smaller: all agree with weighted least squares.",
    ),
    mistakes=(
        Mistake(
            _twice_as_many,
            Text(
                zh="你把两个网络算作两个场景，场景凭空多了一倍，区间就太窄了。",
                en="You count two networks as two settings. With twice as many settings as there are, the interval is too narrow.",
            ),
        ),
        Mistake(
            _twice_the_seeds,
            Text(
                zh="你把两个网络的种子混在一起，当成了两倍的种子。它们是同样的种子。",
                en="You pool the seeds of both networks as if they were twice as many. They are the same seeds.",
            ),
        ),
        Mistake(
            _unrelated,
            Text(
                zh="你当两个网络的误差互不相干。它们用同样的种子：逐个种子平均，再看散得多开。",
                en="You take the errors of the two networks to be unrelated. They share their seeds: take the mean seed by seed, and see how that spreads.",
            ),
        ),
        Mistake(
            _errors_alone,
            Text(
                zh="权重里没有 `tau`。离散程度也是一份方差。",
                en="`tau` is missing from your weights. The spread is a variance as well.",
            ),
        ),
        Mistake(
            _all_alike,
            Text(
                zh="你让各场景分量相同。量得准的应当重一些。",
                en="You give all settings the same weight. Those that are known better should count for more.",
            ),
        ),
        Mistake(
            _spread_of_seeds,
            Text(
                zh="s 你用了种子之间的标准差。平均的误差还要除以种子数的平方根。",
                en="Your s is the standard deviation over seeds. The error of their mean is that over the root of their number.",
            ),
        ),
        Mistake(
            _from_the_weights,
            Text(
                zh="标准误差你只用了权重。题目的公式还看各场景离平均多远。",
                en="You make the standard error from the weights alone. The formula that was asked for also looks at how far the settings are from the mean.",
            ),
        ),
    ),
    reference=_least_squares,
)

EXERCISES = (SPREAD, COMBINED)
