"""A lab runs again when it or code that it can reach has changed, and not when other code has."""

import sys

import pytest

from manuscript import ROOT

LAB = "import torch\nfrom cnnbook.data import load\nfrom cnnbook.generalisation import dropout\n"


@pytest.fixture
def shared(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import shared

    return shared


@pytest.fixture
def changed(shared, monkeypatch):
    """Say that a module has changed."""
    original = shared.module_hashes

    def changed(module: str) -> None:
        def hashes(name, **options):
            found = original(name, **options)
            return found | ({module: "changed"} if module in found else {})

        monkeypatch.setattr(shared, "module_hashes", hashes)

    return changed


def test_the_modules_of_the_package_are_found(shared):
    assert shared.imported(LAB) >= {"cnnbook.data", "cnnbook.generalisation.dropout"}
    assert shared.imported("import torch\nx = 1\n") == set()


@pytest.mark.parametrize("module", ["cnnbook.generalisation.dropout", "cnnbook.data.catalogue", "cnnbook.randomness"])
def test_a_change_of_what_it_imports_runs_it_again(shared, changed, module):
    before = shared.key_of(LAB)
    changed(module)
    assert shared.key_of(LAB) != before


def test_a_change_of_itself_runs_it_again_and_one_elsewhere_does_not(shared, changed):
    before = shared.key_of(LAB)
    assert shared.key_of(f"{LAB}x = 1\n") != before
    changed("cnnbook.convolution.checkerboard")
    assert shared.key_of(LAB) == before
