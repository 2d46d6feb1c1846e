"""The downloader against a local server: whole, resumed, broken, damaged."""

import gzip
import hashlib
import http.server
import io
import os
import re
import threading
import urllib.error
import urllib.request
import urllib.response

import numpy as np
import pytest

from cnnbook.data import DataError, catalogue, download, fetch, images

BODY = bytes(np.random.default_rng(0).integers(0, 256, 300_000, dtype=np.uint8))
SHA = hashlib.sha256(BODY).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves ``server.files``; honours Range unless ``server.plain``; hangs up after ``server.cut`` bytes."""

    def do_GET(self):
        body = self.server.files.get(self.path)
        if body is None:
            return self.send_error(404)
        self.server.ranges.append(self.headers.get("Range"))
        wanted = re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(wanted[1]) if wanted and not self.server.plain else 0
        if start >= len(body):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start:][: self.server.cut])

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.files, made.ranges, made.plain, made.cut = {"/file": BODY}, [], False, None
        made.url = f"http://127.0.0.1:{made.server_port}/file"
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def test_a_whole_file_arrives_once(server, tmp_path):
    seen = []
    path = fetch(server.url, tmp_path / "deep" / "file", sha256=SHA, progress=lambda *a: seen.append(a))
    assert path.read_bytes() == BODY and seen[-1] == (len(BODY), len(BODY))
    assert fetch(server.url, path, sha256=SHA) == path and server.ranges == [None]  # not asked again
    assert [p.name for p in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("plain", [False, True], ids=["server resumes", "server starts again"])
def test_a_broken_download_goes_on_where_it_stopped(server, tmp_path, plain):
    server.cut = 100_000
    with pytest.raises(DataError, match=r"broke off after 100000 of 300000 bytes; run it again"):
        fetch(server.url, tmp_path / "file", sha256=SHA)
    assert not (tmp_path / "file").exists() and (tmp_path / "file.part").stat().st_size == 100_000
    server.cut, server.plain = None, plain
    seen = []
    fetch(server.url, tmp_path / "file", sha256=SHA, progress=lambda *a: seen.append(a[0]))
    assert (tmp_path / "file").read_bytes() == BODY and server.ranges == [None, "bytes=100000-"]
    assert plain or seen[0] > 100_000


def test_a_damaged_file_is_deleted_and_named(server, tmp_path):
    server.files["/file"] = BODY[:-1] + b"!"
    with pytest.raises(DataError, match=f"SHA-256 must be {SHA}, got"):
        fetch(server.url, tmp_path / "file", sha256=SHA)
    assert list(tmp_path.iterdir()) == []


def test_a_partial_file_of_something_else_does_not_stay(server, tmp_path):
    (tmp_path / "file.part").write_bytes(bytes(400_000))  # longer than the file: the server answers 416
    fetch(server.url, tmp_path / "file", sha256=SHA)
    (tmp_path / "other.part").write_bytes(bytes(1000))  # shorter: found out by the checksum, then deleted
    with pytest.raises(DataError, match="SHA-256"):
        fetch(server.url, tmp_path / "other", sha256=SHA)
    assert fetch(server.url, tmp_path / "other", sha256=SHA).read_bytes() == BODY


def test_another_file_in_its_place_is_not_overwritten(server, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DataError, match="move it away"):
        fetch(server.url, tmp_path / "file", sha256=SHA)
    assert (tmp_path / "file").read_text() == "mine"


def test_no_server_and_no_file_are_clear(server, tmp_path):
    with pytest.raises(DataError, match="404"):
        fetch(server.url + "-none", tmp_path / "file", sha256=SHA)
    with pytest.raises(DataError, match="broke off after 0 bytes"):
        fetch("http://127.0.0.1:9/file", tmp_path / "file", sha256=SHA, timeout=2)


@pytest.fixture
def liar(monkeypatch):
    """What a server answers, request by request: status, headers and body; and the ranges it was asked for."""
    answers, asked = [], []

    def answer(request, timeout):
        asked.append(request.get_header("Range"))
        status, headers, body = answers.pop(0)
        if status >= 400:
            raise urllib.error.HTTPError(request.full_url, status, "no", {}, None)
        return urllib.response.addinfourl(io.BytesIO(body), headers, request.full_url, status)

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    return answers, asked


@pytest.mark.parametrize("length", ["abc", "-5", "", "1e6", "٣", "9" * 5000])
def test_a_length_that_is_none_is_not_believed(liar, tmp_path, length):
    seen = []
    liar[0].append((200, {"Content-Length": length}, BODY))
    path = fetch("http://a/b", tmp_path / "f", sha256=SHA, size=len(BODY), progress=lambda *a: seen.append(a))
    assert path.read_bytes() == BODY and seen[-1] == (len(BODY), len(BODY))
    liar[0].append((200, {"Content-Length": length}, BODY[:1000]))
    with pytest.raises(DataError, match="broke off after 1000 of 300000 bytes"):
        fetch("http://a/b", tmp_path / "g", sha256=SHA, size=len(BODY))


@pytest.mark.parametrize(("length", "said"), [("5", "has 5 bytes"), ("9" * 15, f"has {'9' * 15} bytes")])
def test_a_file_of_another_size_is_not_asked_for(liar, tmp_path, length, said):
    liar[0].append((200, {"Content-Length": length}, b"login"))
    (tmp_path / "f.part").write_bytes(BODY[:100])
    with pytest.raises(DataError, match=f"{said}, where the file must have 300000"):
        fetch("http://a/b", tmp_path / "f", sha256=SHA, size=len(BODY))
    assert (tmp_path / "f.part").read_bytes() == BODY[:100], "what had arrived stays"


@pytest.mark.parametrize("size", [len(BODY) - 70_000, None])
def test_a_server_that_does_not_end_is_left(liar, tmp_path, monkeypatch, size):
    monkeypatch.setattr(download, "LARGEST", 200_000)
    liar[0].append((200, {}, BODY))
    with pytest.raises(DataError, match=f"sends more than the {size or 200_000} bytes that are wanted"):
        fetch("http://a/b", tmp_path / "f", sha256=SHA, size=size)
    assert list(tmp_path.iterdir()) == []
    liar[0].append((200, {"Content-Length": "200001"}, BODY))
    if size is None:
        with pytest.raises(DataError, match="has 200001 bytes, where the file may have at most 200000"):
            fetch("http://a/b", tmp_path / "f", sha256=SHA)


def test_a_server_that_knows_no_range_is_not_asked_for_ever(liar, tmp_path):
    (tmp_path / "f.part").write_bytes(BODY[:100])
    liar[0].extend([(416, {}, b""), (416, {}, b"")])
    with pytest.raises(DataError, match="answers 416"):
        fetch("http://a/b", tmp_path / "f", sha256=SHA)
    assert liar[1] == ["bytes=100-", None]


@pytest.mark.parametrize("wrong", ["bytes 50-149/300000", "bytes 0-99/300000", ""])
def test_another_part_than_was_asked_for_is_not_taken(liar, tmp_path, wrong):
    (tmp_path / "f.part").write_bytes(BODY[:100])
    liar[0].extend([(206, {"Content-Range": wrong}, BODY[:100]), (200, {}, BODY)])
    assert fetch("http://a/b", tmp_path / "f", sha256=SHA).read_bytes() == BODY and liar[1] == ["bytes=100-", None]
    liar[0].append((206, {"Content-Range": "bytes 0-99/300000"}, BODY[:100]))
    with pytest.raises(DataError, match="a part of the file, which was not asked for"):
        fetch("http://a/b", tmp_path / "g", sha256=SHA)


def test_what_has_arrived_is_on_the_disk_before_it_gets_its_name(liar, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    liar[0].append((200, {}, BODY))
    with pytest.raises(DataError, match="no space left"):
        fetch("http://a/b", tmp_path / "f", sha256=SHA)
    assert not (tmp_path / "f").exists()


def test_the_full_set_loads_through_the_downloader(server, tmp_path, monkeypatch):
    """The real card, its four files replaced by small ones on the local server."""
    rng = np.random.default_rng(1)
    files = []
    for part, count in (("train", 6), ("test", 4)):
        for kind, shape in (("images", (count, 28, 28)), ("labels", (count,))):
            array = rng.integers(0, 10, shape, dtype=np.uint8)
            header = bytes([0, 0, 8, len(shape)]) + np.array(shape, ">u4").tobytes()
            data = gzip.compress(header + array.tobytes())
            server.files[f"/{part}-{kind}"] = data
            files.append(
                {
                    "part": f"{part}_{kind}",
                    "name": f"{part}-{kind}.gz",
                    "url": server.url.replace("file", f"{part}-{kind}"),
                    "bytes": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
    small = catalogue.Card(**{**vars(catalogue.card("fashion-mnist")), "files": tuple(files)})
    monkeypatch.setattr(images, "card", lambda name: small)
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    data = images.load.__wrapped__("fashion-mnist", download=True)
    assert data.train_images.shape == (6, 1, 28, 28) and data.test_labels.shape == (4,)
    assert (images.load.__wrapped__("fashion-mnist").train_images == data.train_images).all()  # offline from now on
    assert download.cache_folder() == tmp_path
