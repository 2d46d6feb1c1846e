"""Exercises by name: ``transposed-1`` is the first of ``cnnbook.exercises.convolution.transposed``."""

from __future__ import annotations

import difflib
import importlib

from cnnbook.errors import CnnbookError
from cnnbook.evidence.text import Text
from cnnbook.evidence.topics import TOPICS
from cnnbook.exercises.exercise import Exercise

OTHERWISE = {"generalisation/batch_size": "larger_batch"}  # where two topics have one name, the later one's exercises


class ExerciseError(CnnbookError, ValueError):
    """What was asked of the exercises cannot be: a name that none has, a file that is not to be imported.

    Examples:
        >>> issubclass(ExerciseError, CnnbookError)
        True
    """


def stem(topic: str) -> str:
    """What the names of a topic's exercises begin with.

    Examples:
        >>> stem("convolution/transposed"), stem("generalisation/batch_size")
        ('transposed', 'larger_batch')
    """
    return OTHERWISE.get(topic, topic.split("/")[1])


def of_topic(topic: str) -> tuple[Exercise, ...]:
    """The exercises of a topic, in order.

    Examples:
        >>> [exercise.name for exercise in of_topic("convolution/transposed")]
        ['transposed-1', 'transposed-2', 'transposed-3']
    """
    return importlib.import_module("cnnbook.exercises." + topic.replace("/", ".")).EXERCISES


def everything() -> dict[str, Exercise]:
    """All exercises by name, in the order of the book."""
    return {exercise.name: exercise for topic in TOPICS for exercise in of_topic(topic)}


def topic_of(name: str) -> str:
    """The topic of an exercise that may be there: that of its name, less the number; "" where there is none.

    Examples:
        >>> topic_of("transposed-1"), topic_of("batch_size-2"), topic_of("unheard-1")
        ('convolution/transposed', 'parameters/batch_size', '')
    """
    return next((topic for topic in TOPICS if stem(topic) == name.rpartition("-")[0]), "")


def find(name: str) -> Exercise:
    """The exercise of a name; of all modules only its topic's is imported.

    Raises:
        ExerciseError: No exercise has this name; the message names the nearest.

    Examples:
        >>> find("transposed-1").title.en
        'Stamp, add, crop'
        >>> find("transpose-1")
        Traceback (most recent call last):
        cnnbook.exercises.registry.ExerciseError: there is no exercise 'transpose-1'; did you mean transposed-1?
    """
    topic = topic_of(name)
    for exercise in of_topic(topic) if topic else ():
        if exercise.name == name:
            return exercise
    raise ExerciseError(unknown(name).en)


def unknown(name: str) -> Text:
    """What is said of a name that no exercise has: the nearest that one has."""
    near = difflib.get_close_matches(name, everything(), n=1, cutoff=0.4)
    zh = f"；是不是 {near[0]}？" if near else "；`cnnbook exercises` 列出全部练习"
    en = f"; did you mean {near[0]}?" if near else "; cnnbook exercises lists them"
    return Text(zh=f"没有练习 {name!r}{zh}", en=f"there is no exercise {name!r}{en}")
