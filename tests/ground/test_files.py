"""A file is whole or not there, whatever goes wrong in between, and has the line ends that it was given."""

import os

import pytest

from cnnbook.files import write_whole


@pytest.mark.parametrize("content", ["卷积\nconvolution\n", b"\x00\r\n\xff"])
def test_what_was_written_is_there_and_nothing_else(tmp_path, content):
    path = write_whole(tmp_path / "deep" / "file", "before")
    assert write_whole(str(path), content) == path
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o644 or os.name == "nt"


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError("no space left"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch, step, error):
    path = write_whole(tmp_path / "file", "before")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write_whole(path, "after")
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]


def test_it_is_on_the_disk_before_it_is_in_its_place(tmp_path, monkeypatch):
    steps = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (steps.append(name), real(*a)))
    write_whole(tmp_path / "file", "text")
    assert steps == ["fsync", "replace"]
