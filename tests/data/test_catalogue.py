"""The embedded data: what the card says is what loads, and a damaged file is refused."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import torch
from typer.testing import CliRunner

from cnnbook.cli import app
from cnnbook.data import DataError, card, catalogue, images, load, names
from cnnbook.data.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", names())
def test_card_is_complete_in_both_languages(name):
    info = card(name)
    for words in (info.title, info.description, info.classes):
        assert set(words) == {"zh", "en"} and all(words.values())
    count = {"photographs": 15, "sentiment-zh": 2, "sentiment-en": 2}.get(name, 10)
    assert len(info.classes["zh"]) == len(info.classes["en"]) == count
    assert info.id == name and info.licence in ("MIT", "CC0-1.0 AND LicenseRef-Public-Domain", "CC-BY-SA-4.0")
    assert info.citation and info.copyright and info.source.startswith("https://")
    assert set(info.counts) == {"train", "test"} and info.size > 0
    sums = [file["content_sha256" if name == "fsdd" else "sha256"] for file in info.files]
    assert sums and all(len(digest) == 64 for digest in sums)
    assert info.embedded or all(file["url"].startswith("https://") for file in info.files)


@pytest.mark.parametrize("kind, typed", [("images", [catalogue.Images]), ("texts", [catalogue.Texts]),
                                         ("speech", [catalogue.Real, catalogue.Speech])])  # fmt: skip
def test_a_type_checker_knows_what_each_name_loads(kind, typed):
    assert names(kind) == tuple(name for one in typed for name in get_args(one))


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
        images.load.__wrapped__("fashion-mnist-mini")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("fashion-mnst-mini", "fashion-mnist-mini"), ("spoken_digits", "spoken-digits"), ("sentimnet-en", "sentiment-en")],
)
def test_an_unknown_name_is_answered_with_the_nearest(asked, meant):
    with pytest.raises(DataError, match=f"no data set is called '{asked}'; did you mean '{meant}'"):
        load(asked)


KINDS = {
    "images": ("fashion-mnist", "fashion-mnist-mini", "photographs"),
    "speech": ("fsdd", "spoken-digits"),
    "texts": ("sentiment-en", "sentiment-zh"),
}


def test_there_are_seven_of_three_kinds():
    assert {kind: names(kind) for kind in KINDS} == KINDS and names() == tuple(sorted(sum(KINDS.values(), ())))


@pytest.mark.parametrize("name", [name for name in names() if card(name).embedded])
def test_what_is_embedded_loads_by_its_name_with_its_card(name):
    assert load(name).card == card(name) and load(name) is not None


@pytest.mark.parametrize("name", names())
def test_every_list_of_data_sets_names_all(name, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["python -m cnnbook.data"])
    assert main() == 0
    (row,) = (row for row in capsys.readouterr().out.splitlines() if row.split()[0] == name)
    assert row.split()[1] == card(name).kind and card(name).licence in row
    assert f"data: {name} " in CliRunner().invoke(app, ["doctor"]).stdout
    for language in ("zh", "en"):
        assert f'data_card("{name}")' in (ROOT / f"docs/{language}/data.md").read_text("utf-8")


def test_asked_for_a_data_set_its_card_is_the_answer(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["python -m cnnbook.data", "spoken-digits"])
    assert main() == 0
    said = capsys.readouterr().out
    assert said.startswith("spoken-digits ") and card("spoken-digits").description["en"] in said
    assert "600 train, 240 test" in said and "cnnbook.data.load('spoken-digits')" in said
    monkeypatch.setattr(sys, "argv", ["python -m cnnbook.data", "spoken-digit"])
    assert main() == 2
    assert "did you mean 'spoken-digits'?" in capsys.readouterr().err


def test_a_card_reads_the_same_with_the_line_ends_of_windows(tmp_path, monkeypatch):
    cards = {name: card(name) for name in names()}
    (tmp_path / "cards").mkdir()
    for name in cards:
        text = (Path(catalogue.__file__).parent / f"cards/{name}.toml").read_bytes()
        assert b"\r" not in text
        (tmp_path / f"cards/{name}.toml").write_bytes(text.replace(b"\n", b"\r\n"))
    monkeypatch.setattr(catalogue, "_HERE", tmp_path)
    assert {name: card.__wrapped__(name) for name in names()} == cards


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'name = "sentiment-en.npz"',
            'nmae = "sentiment-en.npz"',
            "files[0].nmae is an unknown key, got 'sentiment-en",
        ),
        ("licence = ", "license = ", "license is an unknown key, got "),
        ("bytes = ", "# bytes = ", "files[0].bytes is missing"),
        ("kind = ", "# kind = ", "kind is missing"),
    ],
)
def test_a_card_with_a_slip_is_refused_by_file_and_key(tmp_path, monkeypatch, old, new, message):
    text = (Path(catalogue.__file__).parent / "cards/sentiment-en.toml").read_text("utf-8")
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards/sentiment-en.toml").write_text(text.replace(old, new, 1), "utf-8")
    monkeypatch.setattr(catalogue, "_HERE", tmp_path)
    with pytest.raises(DataError, match="^" + re.escape(f"cards/sentiment-en.toml: {message}")):
        card.__wrapped__("sentiment-en")


def test_data_that_is_not_there_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"python -m cnnbook\.data fashion-mnist"):
        images.load.__wrapped__("fashion-mnist")


def test_who_reads_data_or_what_is_declared_waits_for_no_lightning():
    code = (
        "import sys, cnnbook, cnnbook.convolution, cnnbook.data, cnnbook.training; cnnbook.data.load();"
        "from cnnbook.evidence import registry; registry.everything();"
        "print([m for m in sys.modules if 'lightning' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
