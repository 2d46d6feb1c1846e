"""The embedded data: what the card says is what loads, and a damaged file is refused."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch

from cnnbook.data import DataError, card, catalogue, load, names

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", names())
def test_card_is_complete_in_both_languages(name):
    info = card(name)
    for words in (info.title, info.description, info.classes):
        assert set(words) == {"zh", "en"} and all(words.values())
    assert len(info.classes["zh"]) == len(info.classes["en"]) == (8 if name == "photographs" else 10)
    assert info.licence in ("MIT", "CC0-1.0 AND LicenseRef-Public-Domain")
    assert info.citation and info.source.startswith("https://")
    assert all(len(file["sha256"]) == 64 and file["bytes"] > 0 for file in info.files)
    assert info.embedded or all(file["url"].startswith("https://") for file in info.files)


@pytest.mark.parametrize("name", ["fashion-mnist-mini", "photographs"])
def test_embedded_data_is_what_the_card_says(name):
    data = load(name)
    for part in ("train", "test"):
        images, labels = getattr(data, f"{part}_images"), getattr(data, f"{part}_labels")
        assert images.shape == (data.card.counts[part], *data.card.shape) and images.dtype == torch.uint8
        assert labels.dtype == torch.int64
        assert len(set(labels.bincount(minlength=len(data.card.classes["en"])).tolist()) - {0}) == 1  # balanced
    pixels = data.train_images.double() / 255
    assert abs(pixels.mean() - data.card.mean) < 1e-4 and abs(pixels.std() - data.card.std) < 1e-4
    assert data.card.size == sum(p.stat().st_size for p in catalogue.folder_of_files().glob(f"{name}.npz"))
    assert data.card.size < 4e6 and (catalogue.folder_of_files() / f"LICENSE-{name.removesuffix('-mini')}").is_file()


@pytest.mark.parametrize("name", ["fashion-mnist-mini", "photographs"])
def test_no_image_is_in_both_parts(name):
    data = load(name)
    train = {bytes(x) for x in data.train_images.flatten(1).numpy()}
    test = {bytes(x) for x in data.test_images.flatten(1).numpy()}
    assert not train & test


def test_a_damaged_file_is_refused(tmp_path, monkeypatch):
    whole = (catalogue.folder_of_files() / "fashion-mnist-mini.npz").read_bytes()
    (tmp_path / "fashion-mnist-mini.npz").write_bytes(whole[:-100] + bytes(100))
    monkeypatch.setattr(catalogue, "folder_of_files", lambda: tmp_path)
    with pytest.raises(DataError, match="SHA-256 must be 70b0054f"):
        load.__wrapped__("fashion-mnist-mini")


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(DataError, match="did you mean 'fashion-mnist-mini'"):
        load("fashion-mnst-mini")


def test_data_that_is_not_there_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"python -m cnnbook\.data fashion-mnist"):
        load.__wrapped__("fashion-mnist")


def test_a_wheel_contains_data_and_cards(tmp_path):
    """Built by the backend itself from a copy of the tree, without a network."""
    build = (
        "import shutil, sys, pathlib; root, out = map(pathlib.Path, sys.argv[1:]);"
        "tree = out / 'tree'; tree.mkdir();"
        "[shutil.copy(root / f, tree / f) for f in ('pyproject.toml', 'README.md', 'LICENSE', 'LICENSE-TEXT')];"
        "shutil.copytree(root / 'src' / 'cnnbook', tree / 'src' / 'cnnbook');"
        "import os; os.chdir(tree);"
        "from setuptools.build_meta import build_wheel; build_wheel(str(out))"
    )
    done = subprocess.run([sys.executable, "-c", build, str(ROOT), str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {f"cnnbook/data/files/{name}.npz" for name in ("fashion-mnist-mini", "photographs")} <= inside
    assert {f"cnnbook/data/files/LICENSE-{name}" for name in ("fashion-mnist", "photographs")} <= inside
    assert {f"cnnbook/data/cards/{name}.toml" for name in names()} <= inside
    assert {f"cnnbook/domains/weights/{name}" for name in ("speech.pt", "LICENSE-speech")} <= inside


def test_reading_data_imports_no_lightning():
    code = (
        "import sys, cnnbook, cnnbook.convolution, cnnbook.data, cnnbook.training; cnnbook.data.load();"
        "print([m for m in sys.modules if 'lightning' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
