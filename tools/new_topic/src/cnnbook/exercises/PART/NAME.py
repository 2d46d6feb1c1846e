"""Exercises of NUMBER."""

from cnnbook.exercises.exercise import Exercise

# write: two exercises or more, as `cnnbook.exercises` says, with convolution/transposed.py as the model
EXERCISES: tuple[Exercise, ...] = ()
