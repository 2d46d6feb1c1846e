"""Every snippet runs. pytest-codeblocks takes a fence that says exactly ``python`` and passes over any other form in
silence, so this guard lets no other form in; and what is printed below each snippet is what it prints.
"""

import os
import re
import subprocess
import sys

import pytest

from manuscript import LANGUAGES, ROOT, fences, lab_text, labs, pages, readmes, source

LANGUAGES_OF_FENCES = {"python", "text", "console", "toml", "yaml", "json", "html", "bibtex"}
LONGEST = 16  # lines of a snippet: it should be taken in at a glance
WIDEST = 90  # columns: more would have to be scrolled
OUTPUT = "<!--pytest-codeblocks:expected-output-->"
MARK = re.compile(r"<!--pytest\.mark\.\w+\(.*reason=(\"[^\"]+\"|'[^']+').*\)-->")
PRINTS_NOTHING = re.compile(r"<!--prints nothing: .+-->")  # the one way to go without an output: with a reason
ADVICE = {
    "sh": "commands are shown, not run: say console",
    "bash": "commands are shown, not run: say console",
    "": "say what it is: python, text, console …",
}
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path
    for lang in LANGUAGES
    for path in (source(lang, name) for name in pages(lang) + readmes())
    if path.exists()
}


def forms(text: str) -> list[tuple[int, str]]:
    """Fences and marks that would not run, or not as they seem to."""
    found = []
    inside = set()
    for fence in fences(text):
        inside |= set(range(fence.line, (fence.last or 0) + 1))
        if fence.last is None:
            found.append((fence.line, "the fence never closes"))
        elif fence.mark[0] == "~":
            found.append((fence.line, f"{fence.mark}{fence.info}: pytest-codeblocks knows backticks only"))
        elif fence.info not in LANGUAGES_OF_FENCES:
            advice = ADVICE.get(fence.info.strip(), f"exactly one of {', '.join(sorted(LANGUAGES_OF_FENCES))}")
            found.append((fence.line, f"{fence.mark}{fence.info} would not be run: {advice}"))
        elif fence.info == "python" and re.search(r"^\s*(--8<--|;--8<--)", fence.code, re.M):
            found.append((fence.line, "--8<-- is not expanded where the snippet is tested"))
    for number, line in enumerate(text.split("\n"), 1):
        if number in inside:
            continue
        if re.match(r"\s*(>\s*)+(```|~~~)\s*\S", line):
            found.append((number, "a fence in a quotation is not run"))
        for comment in re.findall(r"(?<!`)<!--[^`]*?-->", line) if re.search("pytest|codeblock", line) else ():
            if comment != OUTPUT and not MARK.fullmatch(comment) and not PRINTS_NOTHING.fullmatch(comment):
                found.append((number, f"{comment} is not allowed; a mark needs a reason"))
            elif comment != line.strip():
                found.append((number, f"{comment} must stand on a line of its own"))
    return found


def outputs(text: str) -> list[tuple[int, str]]:
    """Snippets without their output right below them, and snippets that are long."""
    found, lines, blocks = [], text.split("\n"), fences(text)
    for at, fence in enumerate(blocks):
        if fence.info != "python" or fence.last is None:
            continue
        before = next((line.strip() for line in reversed(lines[: fence.line - 1]) if line.strip()), "")
        after = [(line, number) for number, line in enumerate(lines[fence.last :], fence.last + 1) if line.strip()][:2]
        if PRINTS_NOTHING.fullmatch(before) or before.startswith("<!--pytest.mark.skip("):
            pass
        elif [line for line, _ in after[:1]] != [fence.indent + OUTPUT]:
            found.append((fence.line, f"the snippet has no output below it: {OUTPUT} and a text fence"))
        elif at + 1 == len(blocks) or blocks[at + 1].line != after[-1][1] or blocks[at + 1].info != "text":
            found.append((fence.line, "right below the mark of its output there must be a text fence"))
        elif not blocks[at + 1].code.strip():
            found.append((fence.line, "the output is empty: python tools/snippets.py fills it in"))
        if (count := fence.code.count("\n")) > LONGEST:
            found.append((fence.line, f"the snippet has {count} lines, more than {LONGEST}"))
        if (columns := max(map(len, fence.code.splitlines()), default=0)) > WIDEST:
            found.append((fence.line, f"the snippet is {columns} columns wide, more than {WIDEST}"))
    return found


def named(path: str, found: list[tuple[int, str]]) -> str:
    return "\n".join(f"{path}:{line}: {words}" for line, words in found)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_fence_would_be_run(path):
    found = forms(DOCUMENTS[path].read_text("utf-8"))
    assert not found, named(path, found)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_snippet_shows_its_output(path):
    found = outputs(DOCUMENTS[path].read_text("utf-8"))
    assert not found, named(path, found)


def test_labs_hold_code_in_cells_only():
    """A fence in a lab's Markdown would be run by nobody."""
    for path in labs():
        for lang in LANGUAGES:
            for fence in fences(lab_text(path.read_text("utf-8"), lang)):
                where = f"{path.relative_to(ROOT).as_posix()}:{fence.line}"
                assert fence.info in LANGUAGES_OF_FENCES - {"python"}, f"{where}: {fence.mark}{fence.info} is not run"


def run_pytest(*arguments: str) -> subprocess.CompletedProcess:
    quick = ["-p", "no:cacheprovider", "-p", "no:playwright", "-p", "no:hypothesispytest"]
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), *quick, *arguments]
    environment = os.environ | {"PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")


def test_pytest_collects_exactly_the_snippets():
    """By pyproject.toml, as `make test` does: no page, no fence is left out."""
    listed = run_pytest("--collect-only", "-q", "docs", *[p for p in DOCUMENTS if "/" not in p]).stdout
    collected = set(re.findall(r"^(\S+\.md)::line (\d+)", listed, re.M))
    expected = {
        (path, str(fence.line))
        for path, file in DOCUMENTS.items()
        for fence in fences(file.read_text("utf-8"))
        if fence.info == "python"
    }
    assert collected == expected and len(expected) > 40
    told = re.search(r"testpaths = \[(.*?)\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.S)[1]
    assert {path.split("/")[0] for path, _ in expected} <= set(re.findall(r'"(.*?)"', told))


def test_a_wrong_output_fails(tmp_path):
    page = tmp_path / "page.md"
    right = f"```python\nprint(1)\n```\n\n{OUTPUT}\n\n```text\n1\n```\n\n"
    page.write_text(right + right.replace("text\n1", "text\n2") + "```python\nraise ValueError\n```\n", "utf-8")
    done = run_pytest(f"--rootdir={tmp_path}", str(page))
    assert "2 failed, 1 passed" in done.stdout
    assert "line 11" in done.stdout and "Expected output\n```\n2\n```\nbut got\n```\n1\n```" in done.stdout


BAD = {
    "```py\n1\n```": "```py would not be run",
    "```python title='a.py'\n1\n```": "would not be run",
    '```python hl_lines="1"\n1\n```': "would not be run",
    "```{ .python .annotate }\n1\n```": "would not be run",
    "``` python\n1\n```": "would not be run",
    "``` { .python }\n1\n```": "would not be run",
    "```Python\n1\n```": "would not be run",
    "```pycon\n>>> 1\n```": "would not be run",
    "```\n1\n```": "say what it is",
    "```sh\nls\n```": "say console",
    "```bash\nls\n```": "say console",
    "~~~python\n1\n~~~": "backticks only",
    "    ~~~ python\n    1\n    ~~~": "backticks only",
    "> ```python\n> 1\n> ```": "quotation",
    '```python\n--8<-- "file.py"\n```': "not expanded",
    "```python\n1\n": "never closes",
    "<!--pytest-codeblocks:skip-->": "not allowed",
    "<!--pytest-codeblocks:skipfile-->": "not allowed",
    "<!--pytest-codeblocks:cont-->": "not allowed",
    "<!--pytest-codeblocks:expect-error-->": "not allowed",
    "<!--pytest-codeblocks:expected-output-ignore-whitespace-->": "not allowed",
    "<!-- pytest-codeblocks:expected-output -->": "not allowed",
    "<!--pytest-codeblock:expected-output-->": "not allowed",
    "<!--pytest.mark.skip-->": "not allowed",
    "<!--pytest.mark.skipif(True)-->": "not allowed",
    "words <!--pytest.mark.skip(reason='slow')-->": "line of its own",
}


@pytest.mark.parametrize("text", BAD)
def test_the_guard_rejects_what_would_not_run(text):
    found = forms(f"words\n\n{text}\n\nwords\n")
    assert len(found) == 1 and found[0][0] == 3 and BAD[text] in found[0][1]


SNIPPET = "```python\nprint(1)\n```\n"
SHORT = {
    SNIPPET: "no output",
    SNIPPET + f"\nwords\n\n{OUTPUT}\n\n```text\n1\n```\n": "no output",
    SNIPPET + f"\n    {OUTPUT}\n\n    ```text\n    1\n    ```\n": "no output",
    SNIPPET + f"\n{OUTPUT}\n\nwords\n\n```text\n1\n```\n": "text fence",
    SNIPPET + f"\n{OUTPUT}\n\n```console\n1\n```\n": "text fence",
    SNIPPET + f"\n{OUTPUT}\n\n```text\n```\n": "empty",
    "```python\n" + "print(1)\n" * 17 + f"```\n\n{OUTPUT}\n\n```text\n1\n```\n": "17 lines",
    f"```python\nprint({'1' * 84})\n```\n\n{OUTPUT}\n\n```text\n1\n```\n": "91 columns",
}


@pytest.mark.parametrize("text", SHORT)
def test_the_guard_misses_an_output(text):
    found = outputs(f"words\n\n{text}")
    assert len(found) == 1 and found[0][0] == 3 and SHORT[text] in found[0][1]


def test_the_guard_lets_pass_what_is_right():
    right = f"{SNIPPET}\n{OUTPUT}\n\n```text\n1\n```\n\n<!--pytest.mark.skipif(not x, reason='a GPU')-->\n"
    right += f"\n{SNIPPET}\n{OUTPUT}\n\n```text\n1\n```\n\n<!--prints nothing: it only draws-->\n\n{SNIPPET}"
    right += "\n`<!--pytest-codeblocks:skip-->` in words, and ` ```python `\n\n```console\n$ make serve\n```\n"
    assert not forms(right) and not outputs(right)
