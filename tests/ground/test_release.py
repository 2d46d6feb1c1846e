"""A release that must not be made is named, and a snippet that a wheel does not bear is told from one that it does."""

import hashlib
import re
import sys
from pathlib import Path

import pytest

import release
import snippets_from_wheel as fresh

ROOT = Path(__file__).resolve().parents[2]
PAGE = """
```python
print(1)  # one
```

<!--pytest-codeblocks:expected-output-->

```text
1
```

- in a list

    ```python
    x = 1
    ```

    ```text
    no output of it
    ```
"""


def test_every_file_tells_of_the_version_that_the_package_has():
    assert release.versions() == []


def test_another_version_is_named(tmp_path):
    for name, text in {
        "CHANGELOG.md": "# Changelog\n\n## 0.2.0 - 2026-01-31\n\n## 0.1.0 - 2025-01-31\n",
        "CHANGELOG.zh.md": "# 更新日志\n\n## 0.1.0 - 2025-01-31\n",
        "CITATION.cff": "cff-version: 1.2.0\ntitle: x\n",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert release.versions(tmp_path, "0.2.0") == [
        "CHANGELOG.zh.md: the version must be 0.2.0, got '0.1.0'",
        "CITATION.cff: the version must be 0.2.0, got ''",
    ]


def test_both_changelogs_tell_of_the_same_versions():
    told = [
        [hit[0] for hit in release.HEADING.findall((ROOT / name).read_text("utf-8"))] for name in release.CHANGELOGS
    ]
    assert told[0] == told[1] != []


def test_a_file_that_a_distribution_lacks_is_named():
    tracked = [".gitignore", "docs/a.md", "src/cnnbook/a.py", "results/b.json", "setup.py"]
    sdist, wheel = {"docs/a.md", "src/cnnbook/a.py", "results/b.json"}, {"cnnbook/a.py"}
    assert release.lacking(tracked, sdist, wheel) == ["the sdist lacks setup.py", "the wheel lacks results/b.json"]
    whole = {"cnnbook/a.py", "cnnbook/evidence/results/b.json"}
    assert release.lacking(tracked, {*sdist, "setup.py"}, whole) == []


def test_checksums_are_of_every_file_but_their_own(tmp_path):
    for name in ("b.whl", "a.tar.gz", "SHA256SUMS"):
        (tmp_path / name).write_text(name, "utf-8")
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in ("a.tar.gz", "b.whl")]
    assert release.checksums(tmp_path) == "".join(lines)


def test_what_a_release_is_made_with_is_pinned():
    lines = (ROOT / "tools/release.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"#.*|[a-z-]+==[\d.]+", line) for line in lines), lines


def test_snippets_are_read_with_the_outputs_that_belong_to_them():
    first, second = fresh.snippets(PAGE, "a.md")
    assert first == ("a.md:2", "print(1)  # one\n", "1\n")
    assert second == ("a.md:14", "x = 1\n", None)


def test_a_snippet_of_both_languages_runs_once(tmp_path):
    for lang, comment in (("zh", "一"), ("en", "one")):
        path = tmp_path / f"docs/{lang}/part/topic.md"
        path.parent.mkdir(parents=True)
        path.write_text(PAGE.replace("one", comment), "utf-8")
    assert [one.where for one in fresh.of_the_book([], tmp_path)] == [
        f"docs/zh/part/topic.md:{line}" for line in (2, 14)
    ]
    with pytest.raises(ValueError, match=r"a page is named as convolution/transposed is, got \['topic'\]"):
        fresh.of_the_book(["topic"], tmp_path)


@pytest.mark.parametrize(
    ("code", "output", "message"),
    [
        ("import os; print(os.listdir())", "[]\n", None),  # in an empty folder
        ("import sys; print(sys.flags.utf8_mode)", "1\n", None),
        ("1 / 0", "", "a.md:1: exit code 1\nTraceback"),
        ("print(2)", "1\n", "a.md:1: it prints\n--- page\n+++ wheel\n@@ -1 +1 @@\n-1\n+2"),
        ("print(2)", None, None),
    ],
)
def test_a_snippet_prints_what_its_page_shows_or_is_named(code, output, message):
    said = fresh.complaint(Path(sys.executable), fresh.Snippet("a.md:1", code, output))
    assert said == message or said.startswith(message)


def test_nothing_leads_a_snippet_back_to_the_clone(monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "CNNBOOK_URL_ZH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "somewhere")
    assert not {"PYTHONPATH", "PYTHONHOME", "CNNBOOK_URL_ZH", "VIRTUAL_ENV"} & set(fresh.outside())


def test_a_wheel_that_is_not_there_or_not_the_only_one_is_asked_for(tmp_path):
    with pytest.raises(ValueError, match="dist/ must have one wheel, got 0"):
        fresh.wheel_in(tmp_path)
    (tmp_path / "cnnbook-1-py3-none-any.whl").touch()
    assert fresh.wheel_in(tmp_path).name == "cnnbook-1-py3-none-any.whl"
