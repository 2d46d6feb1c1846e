"""The toy book for the tests of this folder."""

from toy_experiments import book

__all__ = ["book"]
