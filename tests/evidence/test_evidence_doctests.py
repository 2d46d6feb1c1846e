"""Every example in the docstrings of `cnnbook.evidence` and of the command line's helpers runs."""

import doctest
import importlib
import pkgutil

import pytest

import cnnbook.cli
import cnnbook.evidence

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (cnnbook.evidence, cnnbook.cli)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    failures, _ = doctest.testmod(importlib.import_module(name))
    assert failures == 0
