"""5.15.1 Learning rate: what the reader is asked beside the text."""

from cnnbook.evidence.text import Text
from cnnbook.parameters.learning_rate import contraction
from cnnbook.questions.question import Choice, Number, Option, Question


def _bound(curvature: float) -> float:
    """The rate at which a step only changes sides: the factor falls by the curvature for each unit of the rate."""
    return 2 / (1 - contraction(1.0, curvature))


def _same_path(factor: float) -> float:
    """The rate that on a loss so many times as large goes the way of 0.05."""
    return (1 - contraction(0.05, 4.0)) / (1 - contraction(1.0, factor * 4.0))


def _first(place: float) -> bool:
    return contraction(0.375, 4.0) == place


QUESTIONS: tuple[Question, ...] = (
    Choice(
        "learning_rate-q1",
        Text(
            "取 $L=2w^2$，曲率是 4，从 $w=1$ 出发，学习率 3/8。第一步走到哪里？",
            "Take $L=2w^2$, with a curvature of 4, and start at $w=1$ at a rate of 3/8. Where does the first step go?",
        ),
        (
            Option(
                Text("1/2：走了一半", "To 1/2, half way"),
                lambda: _first(0.5),
                Text("1/8 才走到那里；3/8 是它的三倍。", "A rate of 1/8 leads there; 3/8 is three times that."),
            ),
            Option(
                Text("−1/2：越过了最小点，但更近了", "To −1/2, past the minimum but nearer"),
                lambda: _first(-0.5),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("−2：越过了最小点，还更远了", "To −2, past the minimum and farther away"),
                lambda: _first(-2.0),
                Text("3/4 才会那样。", "That takes a rate of 3/4."),
            ),
        ),
        Text(
            "1 − 3/8·4 = −1/2：符号变了，绝对值却小于 1，所以还是越走越近。",
            "1 − 3/8·4 = −1/2: the sign changes, but the size is below 1, so each step comes nearer all the same.",
        ),
    ),
    Number(
        "learning_rate-q2",
        Text(
            "一条山谷，横向曲率 8，纵向曲率 0.5。学习率必须小于几，两个方向才都收敛？",
            "A valley has the curvature 8 across and 0.5 along. Below which rate does descent converge in both"
            " directions?",
        ),
        lambda: _bound(8.0),
        Text(
            "2/8 = {answer}：最弯的方向说了算。",
            "2/8 = {answer}: the most curved direction decides.",
        ),
        (
            (
                lambda: _bound(0.5),
                Text(
                    "这是平坦方向的上限；横向早就飞出去了。",
                    "That is the bound along; across, it flies off long before.",
                ),
            ),
            (
                lambda: _bound(8.0) / 2,
                Text(
                    "到 $1/\\lambda$ 为止不越过最小点；越过了，只要更近，也收敛。",
                    "Up to $1/\\lambda$ it does not pass the minimum; but it may, as long as it comes nearer.",
                ),
            ),
        ),
    ),
    Number(
        "learning_rate-q3",
        Text(
            "梯度下降用 0.05 走得正好。现在把损失乘以 10，学习率取几，才走同样的路？",
            "Gradient descent does well at a rate of 0.05. Now the loss is multiplied by 10. Which rate takes the same"
            " path?",
        ),
        lambda: _same_path(10),
        Text(
            "梯度大了 10 倍，学习率就要小 10 倍：{answer}。",
            "The gradient is ten times as large, so the rate must be a tenth: {answer}.",
        ),
        (
            (
                lambda: _same_path(1),
                Text("每一步会有原来的 10 倍长。", "Every step would be ten times as long."),
            ),
            (
                lambda: _same_path(0.1),
                Text("反了：那样每一步长 100 倍。", "The other way: every step would be 100 times as long."),
            ),
        ),
    ),
)
