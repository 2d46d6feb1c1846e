"""Fashion-MNIST from Debian's package: the published files again, or nothing."""

import gzip
import hashlib

import pytest

from cnnbook.data import __main__ as command
from cnnbook.data import debian
from cnnbook.data.catalogue import card

NAMES = list(debian.WRITTEN)


@pytest.fixture
def package(tmp_path):
    """A folder as Debian's, and the card of what was published."""
    folder = tmp_path / "debian"
    folder.mkdir()
    files = []
    for name in NAMES:
        packed = gzip.compress(name.encode() * 50, mtime=1590299373)
        (folder / name).write_bytes(packed)
        content = debian.published(packed, name, debian.WRITTEN[name])
        files.append({"name": name, "sha256": hashlib.sha256(content).hexdigest()})
    return folder, tuple(files)


def test_all_files_are_put_where_a_download_would(package, tmp_path):
    folder, files = package
    assert debian.restore(files, tmp_path / "there", folder)
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == sorted(NAMES)
    assert all(gzip.decompress((tmp_path / "there" / name).read_bytes()) == name.encode() * 50 for name in NAMES)


@pytest.mark.parametrize("fault", ["missing", "other"])
def test_nothing_is_written_where_one_is_not_as_published(package, tmp_path, fault):
    folder, files = package
    if fault == "missing":
        (folder / NAMES[-1]).unlink()
    else:
        (folder / NAMES[-1]).write_bytes(gzip.compress(b"other"))
    assert not debian.restore(files, tmp_path / "there", folder)
    assert not (tmp_path / "there").exists()


def test_the_command_asks_debian_before_it_downloads(monkeypatch, tmp_path, capsys):
    asked = []
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    monkeypatch.setattr(command, "restore", lambda files, into: asked.append((len(files), into)))
    monkeypatch.setattr(command, "load", lambda name, download: asked.append((name, download)))
    monkeypatch.setattr("sys.argv", ["data", "fashion-mnist"])
    assert command.main() == 0
    assert asked == [(4, tmp_path / "fashion-mnist"), ("fashion-mnist", True)]
    assert {file["name"] for file in card("fashion-mnist").files} == set(NAMES)
