"""Answers that readers hand in to single exercises: the right ones pass, of the wrong ones is said what is wrong."""

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


def stacked(a: Tensor, b: Tensor) -> Tensor:
    return torch.stack([a, b], dim=1)


LOW, HIGH, TURNED = "Your threshold is too low", "Your threshold is too high", "You find “B A”"
CUT = "The value is right, but its gradient is cut off"

WRONG = {  # an exercise, an answer, how its hint begins, or else its rule
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
    "text-2": [
        (lambda a, b: (stacked(a, b), -0.5), LOW),  # whatever the bias is
        (lambda a, b: (stacked(2 * a, 3 * b), -2), LOW),
        (lambda a, b: (stacked(a, b), -3), HIGH),
        (lambda a, b: (stacked(b, a), -1.5), TURNED),
    ],
}


@pytest.mark.parametrize(("name", "answer", "said"), [(name, *one) for name, all_ in WRONG.items() for one in all_])
def test_what_is_said_of_a_wrong_answer(name, answer, said):
    fault = examine(find(name), answer).fault
    assert fault is not None and (fault.hint or fault.rule).en.startswith(said), fault
