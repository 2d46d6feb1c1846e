"""Numbers and words of the evidence as a page prints them, in its language."""

import math
import re
from html import escape

METRICS = {
    "test_accuracy": {"zh": "测试准确率", "en": "test accuracy"},
    "train_accuracy": {"zh": "训练准确率", "en": "training accuracy"},
    "test_nll": {"zh": "测试集的负对数似然", "en": "test negative log-likelihood"},
    "train_nll": {"zh": "训练集的负对数似然", "en": "training negative log-likelihood"},
    "nll": {"zh": "负对数似然", "en": "negative log-likelihood"},
    "accuracy": {"zh": "准确率", "en": "accuracy"},
    "test_ece": {"zh": "校准误差", "en": "calibration error"},
    "noise_scale": {"zh": "梯度的噪声尺度", "en": "noise scale of the gradient"},
    "rises": {"zh": "损失上升的步", "en": "steps in which the loss rises"},
    "sharpness": {"zh": "最弯方向上的曲率", "en": "curvature along the most curved direction"},
    "test_error": {"zh": "测试错误率", "en": "test error"},
    "test_recall_rare": {"zh": "稀少类的召回率", "en": "recall of the rare classes"},
    "test_recall_frequent": {"zh": "常见类的召回率", "en": "recall of the frequent classes"},
    "test_recall_worst": {"zh": "召回率最低的一类", "en": "recall of the class recognised least"},
    "test_accuracy@60": {"zh": "第 60 步的测试准确率", "en": "test accuracy after 60 steps"},
    "test_bias": {"zh": "平均偏差", "en": "mean error"},
    "test_rmse": {"zh": "均方根误差", "en": "root mean squared error"},
    "test_mae": {"zh": "平均绝对误差", "en": "mean absolute error"},
    "test_recall_1": {"zh": "裤子的召回率", "en": "recall of trousers"},
    "test_recall_3": {"zh": "连衣裙的召回率", "en": "recall of dresses"},
    "test_recall_6": {"zh": "衬衫的召回率", "en": "recall of shirts"},
    "test_recall_9": {"zh": "短靴的召回率", "en": "recall of ankle boots"},
    "zero_weights": {"zh": "恰好为零的权重", "en": "weights that are exactly zero"},
    "small_weights": {"zh": "接近零的权重", "en": "weights close to zero"},
    "weight_norm": {"zh": "全部权重的长度", "en": "length of all weights"},
    "filter_norm": {"zh": "全部滤波器的长度", "en": "length of all filters"},
    "steps": {"zh": "训练的步数", "en": "steps of training"},
    "epochs": {"zh": "训练的轮次", "en": "epochs of training"},
    "accuracy_gap": {"zh": "训练与测试准确率之差", "en": "gap between training and test accuracy"},
    "test_psnr": {"zh": "峰值信噪比", "en": "peak signal-to-noise ratio"},
    "test_ssim": {"zh": "结构相似度", "en": "structural similarity"},
    "test_ripple": {"zh": "平坦灰图上的起伏", "en": "ripple on flat grey"},
    "test_phase_share": {"zh": "残差的相位占比", "en": "phase share of the residual"},
    "test_lattice": {"zh": "残差的格纹谱", "en": "lattice spectrum of the residual"},
    "called_healthy": {"zh": "判为正常的比例", "en": "share called healthy"},
    "called_diverged": {"zh": "判为发散的比例", "en": "share called diverged"},
    "called_plateau": {"zh": "判为停滞的比例", "en": "share called plateau"},
    "called_underfit": {"zh": "判为欠拟合的比例", "en": "share called underfit"},
    "called_overfit": {"zh": "判为过拟合的比例", "en": "share called overfit"},
    "called_data": {"zh": "判为数据有错的比例", "en": "share called wrong data"},
    "spread": {"zh": "相位和的不均", "en": "inequality of the phase sums"},
}
UNITS = {
    "%": {"zh": "%", "en": "%"},
    "nats": {"zh": "nat", "en": "nats"},
    "images": {"zh": "张图", "en": "images"},
    "grey levels": {"zh": "灰度级", "en": "grey levels"},
    "steps": {"zh": "步", "en": "steps"},
    "epochs": {"zh": "轮", "en": "epochs"},
}
DIFFERENCES = {"%": {"zh": "个百分点", "en": "points"}}
VERDICTS = {
    "holds": {"zh": "成立", "en": "holds"},
    "refuted": {"zh": "不成立", "en": "refuted"},
    "conditional": {"zh": "有条件成立", "en": "holds on a condition"},
    "inconclusive": {"zh": "尚无定论", "en": "inconclusive"},
}
EXPECTED = {
    "better": {"zh": "更好", "en": "better"},
    "worse": {"zh": "更差", "en": "worse"},
    "not better": {"zh": "不会更好", "en": "not better"},
    "not worse": {"zh": "不会更差", "en": "not worse"},
    "same": {"zh": "没有差别", "en": "the same"},
    "different": {"zh": "有差别", "en": "different"},
}
DIRECTIONS = {
    "higher": {"zh": "越高越好", "en": "higher is better"},
    "lower": {"zh": "越低越好", "en": "lower is better"},
}


def number(value: float | None, digits: int, plus: bool = False) -> str:
    """A number with a true minus sign; a dash where there is none.

    >>> number(-1.25, 1), number(0.5, 2, plus=True), number(-0.001, 1), number(None, 1)
    ('−1.2', '+0.50', '0.0', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:.{digits}f}"
    if not float(text):
        return text.lstrip("-")
    return ("+" if plus and value > 0 else "") + text.replace("-", "−")


def plain(value: float) -> str:
    """A number that someone chose, as they wrote it: 0.5, 1, 0.02."""
    return f"{value:g}".replace("-", "−")


def digits_of(unit: str, *ends: float | None, border: float | None = None) -> int:
    """One digit for percentages, two for decibels and grey levels, three for anything else, more where the end of an
    interval would seem to be a border. Rounding errors, below 5e-6, are as good as zero.

    >>> digits_of("%", 0.21, 1.3, border=0.5), digits_of("%", 0.46, 1.3, border=0.5), digits_of("nats", 1e-7)
    (1, 2, 3)
    >>> digits_of("%", 0.3, 1.0 + 1e-9, border=1.0)
    1
    """
    digits = {"%": 1, "dB": 2, "grey levels": 2, "images": 1, "steps": 0, "epochs": 1}.get(unit, 3)
    borders = (border, -border, 0.0) if border else (0.0,)
    finite = [value for value in ends if value is not None and abs(value) > 5e-6]
    while digits < 5 and any(round(v, digits) == b and abs(v - b) > 5e-6 for v in finite for b in borders):
        digits += 1
    return digits


def unit_of(unit: str, lang: str, difference: bool = False) -> str:
    """The unit with what parts it from its number: "%" clings, words do not."""
    names = DIFFERENCES.get(unit) if difference else None
    word = (names or UNITS.get(unit, {})).get(lang, unit)
    return word if word in ("", "%") else f"\u00a0{word}"


def digits_for(effect: dict) -> int:
    return digits_of(effect["unit"], effect["low"], effect["high"], border=effect.get("smallest_effect"))


def span(effect: dict, digits: int) -> str:
    """+0.5 [−0.2, 1.3]. Takes an effect of a claim, or a difference of an experiment."""
    mean = effect.get("difference", effect.get("mean"))
    return f"{number(mean, digits, plus=True)} [{number(effect['low'], digits)}, {number(effect['high'], digits)}]"


def effect_text(effect: dict, lang: str) -> str:
    """+0.5 [−0.2, 1.3] 个百分点"""
    return f"{span(effect, digits_for(effect))}{unit_of(effect['unit'], lang, difference=True)}"


def before_words(text: str, lang: str) -> str:
    """A space after Latin where Chinese follows.

    >>> before_words("0.02 nat", "zh"), before_words("0.5 个百分点", "zh")
    ('0.02 nat ', '0.5 个百分点')
    """
    return f"{text} " if lang == "zh" and text[-1].isascii() else text


def metric_name(metric: str, lang: str) -> str:
    """A metric in words; of a point of its curve, ``name@step``, with the step.

    >>> metric_name("test_psnr@0", "en"), metric_name("spread@50", "zh")
    ('peak signal-to-noise ratio before training', '相位和的不均（第 50 步）')
    >>> metric_name("test_nll@1/4", "en")
    'test negative log-likelihood after 1/4 of the run'
    """
    metric, _, step = metric.partition("@")
    name = METRICS.get(metric, {}).get(lang, metric.replace("_", " "))
    before, at = {"zh": ("（训练前）", "（第 {} 步）"), "en": (" before training", " at step {}")}[lang]
    if "/" in step:
        at = {"zh": "（完成 {} 时）", "en": " after {} of the run"}[lang]
    return name + ("" if not step else before if step == "0" else at.format(step))


def named(metric: str, lang: str) -> dict[str, str]:
    """A metric's name, and the same as a sentence begins with it, for a text with {metric} or {Metric}.

    >>> named("test_nll", "en")["Metric"]
    'Test negative log-likelihood'
    """
    name = metric_name(metric, lang)
    return {"metric": name, "Metric": name[0].upper() + name[1:]}


def inline(text: str) -> str:
    """A sentence of the registry as HTML: `code` is all the markup it has."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
