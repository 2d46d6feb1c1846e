"""5.14.4 Porting between frameworks: what the reader is asked beside the text."""

import torch

from cnnbook.convolution.porting import centre_shift, conv_padding, transposed_padding, weight_to_torch
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Choice, Number, Option, Paint, Question

FULL = 9  # cells that three pixels and a kernel of five make at stride 2


def _zeros(framework: str, **setting: int) -> int:
    """The zeros along one axis of 224 pixels under a kernel of three, both ends together."""
    return int(torch.tensor(conv_padding(framework, 224, kernel_size=3, **setting)).sum())


def _kept(before: int, after: int) -> set[tuple[int, int]]:
    return {(0, j) for j in range(before, FULL - after)}


def _keras() -> set[tuple[int, int]]:
    return _kept(*transposed_padding("keras-same", 3, kernel_size=5, stride=2).crop)


def _jax() -> torch.Tensor:
    """The kernel that PyTorch needs, to paint what JAX paints with 1, 10, 100."""
    return weight_to_torch("jax", torch.tensor([1.0, 10, 100]).reshape(3, 1, 1), transposed=True).flatten()


QUESTIONS: tuple[Question, ...] = (
    Number(
        "porting-q1",
        Text(
            "TensorFlow 的 SAME：图像边长 224，核 3，步长 2。沿一个方向，两端一共补几个 0？",
            "SAME in TensorFlow: an image of side 224, a kernel of 3, stride 2. How many zeros does it add along one"
            " axis, both ends together?",
        ),
        lambda: _zeros("tensorflow-same", stride=2),
        Text(
            "112 个输出要 111·2 + 3 = 225 格，已有 224 格，只差 {answer} 格，补在后面。",
            "112 outputs take 111·2 + 3 = 225 cells. There are 224, so {answer} is missing, and it goes after.",
        ),
        (
            (
                lambda: _zeros("pytorch-same"),
                Text(
                    "PyTorch 的 `padding=1` 两端各补一个；SAME 能少补就少补。",
                    "PyTorch's `padding=1` adds one at either end; SAME adds as few as it can.",
                ),
            ),
            (
                lambda: _zeros("tensorflow-valid", stride=2),
                Text("不补零只有 111 个输出；SAME 要 112 个。", "Without any, there are 111 outputs; SAME wants 112."),
            ),
        ),
    ),
    Paint(
        "porting-q2",
        Text(
            "三个像素，核 5，步长 2：完整输出有 9 格，Keras 的 SAME 只要 6 格。它留下哪 6 格？给它们上色。",
            "Three pixels, a kernel of 5, stride 2: the full output has nine cells, and SAME in Keras wants six. Which"
            " six does it keep? Paint them.",
        ),
        (1, FULL),
        _keras,
        Text(
            "要去掉三格：前面一格，后面两格。卷积碰上奇数个 0 时多补的一个在后面，转置卷积就在同一端多裁一格。",
            "Three cells must go: one before, two after. Where the convolution adds an odd zero, after, there the"
            " transposed convolution crops the odd cell.",
        ),
        (
            (
                lambda: _kept(2, 1),
                Text(
                    "这是 PyTorch 写 `padding=2, output_padding=1` 时留下的；Keras 多裁的一格在后面。",
                    "PyTorch keeps these with `padding=2, output_padding=1`; Keras crops the odd cell at the far end.",
                ),
            ),
            (
                lambda: _kept(0, 3),
                Text(
                    "裁掉的三格要分给两端，不是全在后面。",
                    "The three are shared between the ends, not all taken after.",
                ),
            ),
            (
                lambda: _kept(3, 0),
                Text(
                    "裁掉的三格要分给两端，不是全在前面。",
                    "The three are shared between the ends, not all taken before.",
                ),
            ),
        ),
        labels=lambda: [list(range(FULL))],
    ),
    Choice(
        "porting-q3",
        Text(
            "核是 1、10、100，输入只有一个亮像素。PyTorch 的转置卷积画出 1、10、100；"
            "JAX 的 `conv_transpose` 画出什么？",
            "The kernel is 1, 10, 100, and one pixel is bright. PyTorch's transposed convolution paints 1, 10, 100."
            " What does `conv_transpose` of JAX paint?",
        ),
        (
            Option(
                Text("1、10、100，与 PyTorch 一样", "1, 10, 100, as PyTorch does"),
                lambda: _jax().tolist() == [1, 10, 100],
                Text(
                    "TensorFlow 和 Keras 是这样。JAX 少了一步。",
                    "TensorFlow and Keras do. JAX leaves out a step.",
                ),
            ),
            Option(
                Text("100、10、1", "100, 10, 1"),
                lambda: _jax().tolist() == [100, 10, 1],
                Text("是这样。", "So it is."),
            ),
        ),
        Text(
            "撑开输入之后，JAX 没有把核旋转 180° 就滑了过去，每枚印章都是反的。",
            "JAX slides the kernel over the pulled-apart input without rotating it by 180°: every stamp is reversed.",
        ),
    ),
    Number(
        "porting-q4",
        Text(
            "常见的一组设置：k = 3、s = 2、p = 1。印章的中心比应在的位置偏了多少？往右为正。",
            "A common setting: k = 3, s = 2, p = 1. How far does the centre of a stamp lie from where it should? To the"
            " right is positive.",
        ),
        lambda: centre_shift(3, stride=2, padding=1),
        Text(
            "印章盖住第 −1 到第 1 格，中心在 0；像素代表的两格是 0 和 1，中心在 0.5。相差 {answer}。",
            "The stamp of pixel 0 covers cells −1 to 1, and its centre is at 0. The two cells that the pixel stands for"
            " are 0 and 1, with their centre at 0.5. The difference is {answer}.",
        ),
        (
            (
                lambda: centre_shift(3, stride=2, padding=0),
                Text(
                    "偏的方向反了，这是 p = 0 的情形：裁掉一格，印章往左挪一格。",
                    "The other way, as with p = 0: cropping a cell moves the stamp to the left.",
                ),
            ),
            (
                lambda: centre_shift(4, stride=2, padding=1),
                Text("k = 4 才正好居中；这里 k − s 是奇数。", "That takes k = 4; here k − s is odd."),
            ),
            (
                lambda: -1,
                Text(
                    "只看了裁掉的一格。别忘了核的中心和那两格的中心在哪里。",
                    "That is the cropped cell alone. Where are the centres of the kernel and of the two cells?",
                ),
            ),
        ),
        unit=Text("个像素", "pixels"),
    ),
)
