"""The book's own server: what a web host does, on this machine alone."""

import gzip
import http.client
import os
import threading

import pytest
from werkzeug.test import Client

import book
from server import Book, server

PAGE = "<h1>卷积</h1>" * 100


@pytest.fixture
def folder(tmp_path):
    """A site of one page in each language, with a secret beside it."""
    site = tmp_path / "site"
    for lang in book.CONFIGS:
        (site / lang / "part").mkdir(parents=True)
        (site / lang / "index.html").write_text(PAGE, "utf-8")
        (site / lang / "404.html").write_text(f"not there, in {lang}", "utf-8")
    (site / "index.html").write_text("root", "utf-8")
    (site / "404.html").write_text("not there", "utf-8")
    for name in ("a.js", "a.mjs", "a.svg", "a.ipynb", "a.woff2", "a.png", "a.css", "卷 积.txt"):
        (site / name).write_bytes(bytes(range(200)))
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    return site


@pytest.fixture
def client(folder):
    return Client(Book(folder, tuple(book.CONFIGS)))


@pytest.fixture
def port(folder):
    httpd = server(0, Book(folder, tuple(book.CONFIGS)))
    threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    assert httpd.server_address[0] == "127.0.0.1"
    yield httpd.port
    httpd.shutdown()


def test_pages_and_folders_have_their_addresses(client):
    assert client.get("/").text == "root" and client.get("/zh/").text == PAGE
    moved = client.get("/zh?a=1")
    assert moved.status_code == 301 and moved.headers["Location"].endswith("/zh/?a=1")
    for address in ("//zh", "/zh/part/.."):
        moved = client.get(address)  # never to another host
        assert moved.headers.get("Location", "/zh/").removeprefix("http://localhost") == "/zh/", address


def test_a_page_travels_compressed_and_is_not_sent_twice(client):
    plain = client.get("/zh/")
    packed = client.get("/zh/", headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(packed.data) == plain.data == PAGE.encode() and len(packed.data) < len(plain.data)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert client.get("/zh/", headers={"Accept-Encoding": "gzip;q=0"}).data == plain.data
    for answer in (plain, packed):
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert answer.headers["Vary"] == "Accept-Encoding" and answer.headers["Cache-Control"] == "no-cache"
        for name, kept in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            how = {"Accept-Encoding": answer.headers.get("Content-Encoding", "identity")}
            again = client.get("/zh/", headers=how | {name: answer.headers[kept]})
            assert (again.status_code, again.data) == (304, b"") and again.headers["Vary"] == "Accept-Encoding"
    head = client.head("/zh/")
    assert head.data == b"" and head.headers["Content-Length"] == plain.headers["Content-Length"]


@pytest.mark.parametrize("name", ["a.css", "a.png"])
def test_a_part_of_a_file_can_be_asked_for(client, name):
    part = client.get(f"/{name}", headers={"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.data) == (206, bytes(range(10, 20)))
    assert part.headers["Content-Range"] == "bytes 10-19/200" and "Content-Encoding" not in part.headers
    assert client.get(f"/{name}", headers={"Range": "bytes=-5"}).data == bytes(range(195, 200))
    beyond = client.get(f"/{name}", headers={"Range": "bytes=200-"})
    assert beyond.status_code == 416 and beyond.headers["Content-Range"] == "bytes */200"


def test_every_file_says_what_it_is(client):
    found = {name: client.get(f"/{name}").content_type for name in ("a.js", "a.mjs", "a.svg", "a.ipynb", "a.woff2")}
    script, sniff = "text/javascript; charset=utf-8", client.get("/a.js").headers["X-Content-Type-Options"]
    assert (found["a.js"], found["a.mjs"], found["a.woff2"], sniff) == (script, script, "font/woff2", "nosniff")
    assert found["a.svg"].startswith("image/svg+xml") and found["a.ipynb"] == "application/x-ipynb+json"
    assert client.get("/zh/").content_type == "text/html; charset=utf-8"
    assert client.get("/%E5%8D%B7%20%E7%A7%AF.txt").content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/zh/no/", "not there, in zh"),
        ("/en/no.html", "not there, in en"),
        ("/no/", "not there"),
        ("/zh/part/", "not there, in zh"),  # a folder without a page is not listed
        ("/zh/index.html/", "not there, in zh"),
        ("/zh/%00", "not there, in zh"),
        ("/zh/" + "x" * 5000, "not there, in zh"),
        ("/../secret.txt", "not there"),
        ("/zh/..%2f..%2fsecret.txt", "not there, in zh"),
        ("/%2e%2e/secret.txt", "not there"),
    ],
)
def test_what_is_not_there_is_answered_by_the_book_in_its_language(client, address, words):
    answer = client.get(address)
    assert (answer.status_code, answer.text, answer.content_type) == (404, words, "text/html; charset=utf-8")


def test_a_link_may_lead_elsewhere_in_the_book_and_not_out_of_it(client, folder):
    for name, target in (("in.html", "zh/index.html"), ("out.txt", "../secret.txt"), ("up", "..")):
        os.symlink(target, folder / name)
    assert client.get("/in.html").text == PAGE
    assert [client.get(address).status_code for address in ("/out.txt", "/up/secret.txt", "/up/", "/up")] == [404] * 4


def test_a_page_is_sent_with_the_policy_that_it_names_and_a_file_with_none(client, folder):
    """A page that names none may run its host's files alone."""
    own = "script-src 'self' 'sha256-x='"
    page = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{own}">{PAGE}'
    (folder / "zh/index.html").write_text(page, "utf-8")
    (folder / "en/404.html").write_text(page, "utf-8")
    for answer in (client.get("/zh/"), client.get("/zh/", headers={"Accept-Encoding": "gzip"}), client.get("/en/no")):
        assert answer.headers["Content-Security-Policy"] == f"{own}; frame-ancestors 'none'"
    for address in ("/en/", "/zh/no"):
        assert "script-src 'self';" in client.get(address).headers["Content-Security-Policy"]
    assert "Content-Security-Policy" not in client.get("/a.js").headers
    kept = client.get("/zh/").headers["ETag"]
    again = client.get("/zh/", headers={"If-None-Match": kept})
    assert again.status_code == 304 and again.headers["Content-Security-Policy"].startswith(own)


def test_other_methods_are_refused(client):
    refused = client.post("/zh/")
    assert refused.status_code == 405 and {"GET", "HEAD"} <= set(refused.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("address", "status"), [("/zh/%00", 404), (f"/{'x' * 300}", 404), (f"/{'x' * 70000}", 414), ("/%ff%fe", 404)]
)
def test_no_address_drops_the_connection(port, address, status):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address)
    assert connection.getresponse().status == status
    connection.close()


def test_a_port_that_is_taken_is_named(port):
    with pytest.raises(SystemExit, match=f"port {port} is taken"):
        book.serve(port, browse=False)
