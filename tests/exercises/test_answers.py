"""Answers that readers hand in to single exercises: the right ones pass, of the wrong ones is said what is wrong."""

import math

import pytest
import torch
from torch import Tensor

from cnnbook.exercises.checking import examine
from cnnbook.exercises.registry import find


def elastic_by_item(parameters, l1, l2):
    return torch.tensor(find("weight_penalty-1").solution(parameters, l1, l2).item())


def elastic_of_data(parameters, l1, l2):
    return find("weight_penalty-1").solution({name: w.data for name, w in parameters.items()}, l1, l2)


def elastic_half_cut(parameters, l1, l2):
    return sum(l1 * w.abs().sum() + l2 / 2 * w.detach().square().sum() for w in parameters.values() if w.ndim > 1)


def focal(logits, labels, gamma):
    return find("objective-1").solution(logits, labels, gamma)


def focal_of_a_new_leaf(logits, labels, gamma):
    return focal(logits.detach().requires_grad_(), labels, gamma)


def focal_gone_back(logits, labels, gamma):
    loss = focal(logits, labels, gamma)
    if loss.requires_grad:
        loss.backward()
    return loss


def focal_of_half_the_gradient(logits, labels, gamma):
    return focal(logits, labels, gamma) / 2 + focal(logits, labels, gamma).detach() / 2


def diagnosis(**limits: float):
    """An answer to recipe-2 that has one threshold, or one way of looking, wrong."""
    limit = {"diverged": 1.2, "plateau": 0.9, "low": 0.9, "rise": 0.05, "gap": 0.25, "underfit": 0.5} | limits

    def answer(train, val, classes):
        t, v = ([loss / math.log(classes) for loss in losses] for losses in (train, val))
        if not all(map(math.isfinite, t[-1:] + v[-1:])) or t[-1] > limit["diverged"]:
            return "diverged"
        if t[-1] > limit["plateau"]:
            return "plateau"
        if len(v) < 3:
            return "cannot tell"
        if min(v) >= limit["low"]:
            return "wrong data"
        if v[-1] - min(v) > limit["rise"] or v[-1] - t[-1] > limit["gap"]:
            return "overfit"
        return "underfit" if t[-1] > limit["underfit"] else "healthy"

    return answer


def anywhere_infinite(train, val, classes):
    return "diverged" if max(train) / math.log(classes) > 1.2 else diagnosis()(train, val, classes)


def from_where_training_is_best(train, val, classes):
    """Measures the gap from the lowest point of training."""
    return diagnosis()([*train[:-1], min(train)] if len(val) > 2 else train, val, classes)


def masked(x, p, training, seed=None, least=0.0):
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    coins = torch.rand(*x.shape[:2], 1, 1, generator=generator)
    return torch.where(coins >= max(p, least), x, 0) / (1 - p) if training else x


def seeded(x, p, training):
    torch.manual_seed(0)
    return masked(x, p, training)


def accumulate(loss, w, x, y, size):
    parts = []
    for part, target in zip(x.split(size), y.split(size), strict=True):
        leaf = w.clone().requires_grad_()
        loss(leaf, part, target).backward()
        parts.append(leaf.grad * len(part) / len(x))
    return sum(parts)


def all_parts_stacked(loss, w, x, y, size):
    parts, targets = torch.stack(x.split(size)), torch.stack(y.split(size))
    return sum(accumulate(loss, w, *pair, size) for pair in zip(parts, targets, strict=True)) / len(parts)


def out_of_luck(loss, w, x, y, size):
    if len(x) > size:
        raise RuntimeError("out of luck")
    return accumulate(loss, w, x, y, size)


def squared_error(loss, w, x, y, size):
    return 2 * x.T @ (x @ w - y) / len(x)


def by_output_padding(x, k, s):
    p = max(0, (len(k) - s + 1) // 2)
    return torch.conv_transpose1d(x[None, None], k[None, None], None, s, p, s + 2 * p - len(k))[0, 0]


def unlimited_statistics(batches):
    x = torch.cat(batches).double() / 255
    count, total, squares = x[:, 0].numel(), x.sum((0, 2, 3)), x.square().sum((0, 2, 3))
    return total / count, (squares / count - (total / count) ** 2).sqrt()


def usual_deviation(batches):
    x = torch.cat(batches).double() / 255
    return x.mean((0, 2, 3)), x.std((0, 2, 3))


def stacked(a: Tensor, b: Tensor) -> Tensor:
    return torch.stack([a, b], dim=1)


KERNELS = find("standard-2").solution()
LOW, HIGH, TURNED = "Your threshold is too low", "Your threshold is too high", "You find “B A”"
SAME_COINS = "Every call tosses the same coins"
CUT = "The value is right, but its gradient is cut off"

WRONG = {  # an exercise, an answer, how its hint begins, or else its rule; "" where it is no more than wrong
    "weight_penalty-1": [
        (elastic_by_item, CUT),
        (elastic_of_data, CUT),
        (elastic_half_cut, "the gradient with respect to parameters['0.weight']: "),
    ],
    "objective-1": [
        (lambda *given: focal(*given).detach(), CUT),
        (focal_of_a_new_leaf, CUT),
        (focal_gone_back, CUT),
        (focal_of_half_the_gradient, "the gradient with respect to logits: "),
    ],
    "batch_size-3": [
        (all_parts_stacked, "The last part is shorter, and parts of different lengths do not `stack`"),
        (out_of_luck, "your code raises RuntimeError: out of luck"),
        (squared_error, "You built one particular loss in."),
    ],
    "porting-2": [(by_output_padding, "The shape is right and the values are one pixel off")],
    "recipe-2": [
        *[
            (diagnosis(**{name: value}), "")
            for name, values in {
                "diverged": (1.0, 1.3),
                "plateau": (0.8, 0.95),
                "low": (0.85, 0.95),
                "rise": (0.02, 0.1),
                "gap": (0.2, 0.3),
                "underfit": (0.45, 0.6),
            }.items()
            for value in values
        ],
        (anywhere_infinite, "it must be healthy, and is diverged"),
        (from_where_training_is_best, ""),
    ],
    "dropout-1": [
        (seeded, SAME_COINS),
        (lambda *given: masked(*given, seed=3), SAME_COINS),
        (lambda *given: masked(*given, least=0.1), "with a `p` of 0 the input must come back as it is"),
        (lambda x, p, training: masked(x, p, training and p > 0) + (0 if p or not training else 1), "with a `p` of 0"),
    ],
    "images-2": [
        (unlimited_statistics, "item [1]: 1 of 1 numbers is wrong, the first at [0]: nan"),
        (usual_deviation, "`std` divides by the number less 1"),
    ],
    "standard-2": [
        (lambda: (torch.full((3, 3), math.nan), KERNELS[1]), "the numbers must be finite"),
        (lambda: (KERNELS[0], KERNELS[1].where(KERNELS[1] > 1, math.inf)), "the numbers must be finite"),
        (lambda: (KERNELS[1], KERNELS[0]), "The two are in the wrong order"),
        (lambda: (torch.ones(3, 3), KERNELS[0]), "Your first kernel looks the same"),  # exchanged it fails as well
        (lambda: (torch.ones(3, 3), KERNELS[1]), "Your first kernel looks the same"),
        (lambda: (torch.ones(3, 3), torch.arange(9.0).reshape(3, 3)), "Your first kernel looks the same"),
    ],
    "text-2": [
        (lambda a, b: (stacked(a, b), -0.5), LOW),  # whatever the bias is
        (lambda a, b: (stacked(2 * a, 3 * b), -2), LOW),
        (lambda a, b: (stacked(a, b), -3), HIGH),
        (lambda a, b: (stacked(b, a), -1.5), TURNED),
        (lambda a, b: (1e-6 * stacked(a, b), 0.0), LOW),
        (lambda a, b: (torch.stack([a, b]).reshape(-1, 2), -1.0), "Each column should be the vector of one word"),
        (lambda a, b: (stacked(-a, b), -0.5), "Each column should be the vector of one word"),
        (lambda a, b: (stacked(a, 0 * b), -0.5), "You look at the first word alone"),
        (lambda a, b: (stacked(a, b), torch.tensor([-1.0, -1.0])), "(w, b) must be returned: w of the shape (3, 2)"),
    ],
}

RIGHT = {
    "batch_size-3": [accumulate],
    "dropout-1": [masked, lambda x, p, training: torch.nn.functional.dropout2d(x, p, training)],
    "text-2": [lambda a, b: (1e-6 * stacked(a, b), -1e-6), lambda a, b: (1e6 * stacked(a, b), torch.tensor([-1.5e6]))],
}


@pytest.mark.parametrize(("name", "answer"), [(name, one) for name, all_ in RIGHT.items() for one in all_])
def test_an_answer_that_is_right_in_its_own_way_passes(name, answer):
    assert examine(find(name), answer).passed


@pytest.mark.parametrize(("name", "answer", "said"), [(name, *one) for name, all_ in WRONG.items() for one in all_])
def test_what_is_said_of_a_wrong_answer(name, answer, said):
    fault = examine(find(name), answer).fault
    assert fault is not None and (fault.hint or fault.rule).en.startswith(said), fault
