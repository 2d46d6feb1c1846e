"""The prose keeps the book's rules, and each rule finds what it is there to find."""

import shutil

import pytest

import lint

DOCUMENTS = {f"{path} {lang}": (text, lang, path, skip) for text, lang, path, skip in lint.documents()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_prose_keeps_the_rules(name):
    found = lint.check(*DOCUMENTS[name])
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("rules", [lint.ruff, lint.scripts, lint.workflows, lint.types])
def test_the_code_keeps_the_rules(rules):
    found = rules()
    assert not found, "\n".join(map(str, found))


def test_a_script_is_told_its_layout_its_long_lines_and_its_errors(tmp_path):
    (tmp_path / "docs/assets/vendor").mkdir(parents=True)
    (tmp_path / "tests/widgets").mkdir(parents=True)
    scripts = {
        ".prettierrc.json": '{ "printWidth": 120 }\n',
        "docs/assets/a.js": "const a = 1;\n",
        "docs/assets/b.mjs": "const b  = 1;\n",
        "docs/assets/vendor/c.js": "const c  = 1;\n",
        "tests/widgets/d.mjs": f"const d = 1;\n// {'e' * 118}\n",
        "tests/widgets/f.mjs": "const f = 1;\n\nconst = 2;\n",
    }
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)
    assert [(one.path, one.line, one.rule) for one in lint.scripts(tmp_path)] == [
        ("tests/widgets/d.mjs", 2, "script"),
        ("docs/assets/b.mjs", 1, "script"),
        ("tests/widgets/f.mjs", 3, "script"),
    ]


def test_a_workflow_is_told_what_github_would_refuse(tmp_path):
    (tmp_path / ".github/workflows").mkdir(parents=True)
    workflow = (lint.ROOT / ".github/workflows/gpu.yml").read_text("utf-8")
    assert "inputs.runner" in workflow and "contents: read" in workflow
    wrong = workflow.replace("inputs.runner", "inputs.walker").replace("contents: read", "contents: some")
    (tmp_path / ".github/workflows/gpu.yml").write_text(wrong, "utf-8")
    (first, second) = lint.workflows(tmp_path)
    assert first.rule == "workflow" and 'permission of scope "contents"' in first.text
    assert second.path == ".github/workflows/gpu.yml" and '"walker" is not defined' in second.text
    (tmp_path / ".github/workflows/gpu.yml").unlink()
    assert [one.text for one in lint.workflows(tmp_path)] == ["No workflow files found to lint"]


def test_a_wrong_type_in_the_package_is_found(tmp_path):
    shutil.copy(lint.ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src/cnnbook/cli").mkdir(parents=True)
    (tmp_path / "src/cnnbook/__init__.py").touch()
    code = "import torch\n\n\ndef size(x: torch.Tensor) -> str:\n    return x.shape[0]\n"
    (tmp_path / "src/cnnbook/cli/a.py").write_text(code, "utf-8")
    (found,) = lint.types(tmp_path)
    assert found[:3] == ("src/cnnbook/cli/a.py", 5, "ty") and "expected `str`, found `int`" in found.text
    (tmp_path / "src/cnnbook/cli/a.py").write_text("def size(x):\n    return x\n", "utf-8")
    assert {finding.text[:6] for finding in lint.ruff(tmp_path)} == {"ANN001", "ANN201"}


WRONG = {  # a third line, the language, and the rule that must speak
    "步幅是 3": ("zh", "term"),
    '[= figure("x", "汇聚之后", "alt") =]': ("zh", "term"),
    "An inverse convolution restores nothing": ("en", "term"),
    "Two Inverse convolutions": ("en", "term"),
    "卷积conv": ("zh", "spacing"),
    "卷积`conv2d`的参数": ("zh", "spacing"),
    "得到$x$格": ("zh", "spacing"),
    "一共3 格": ("zh", "spacing"),
    "见[文档](https://example.org) 的说明和API": ("zh", "spacing"),
    "- 一项，3×3的核": ("zh", "spacing"),
    '??? trap "用`same`时"': ("zh", "spacing"),
    '[= figure("x", "左图a", "alt") =]': ("zh", "spacing"),
    "卷积, 核": ("zh", "width"),
    "卷积;": ("zh", "width"),
    "卷积(convolution)": ("zh", "width"),
    "`conv2d`, 卷积": ("zh", "width"),
    "完.": ("zh", "width"),
    "您好": ("zh", "you"),
    "一个自然段\n写成两行": ("zh", "wrapped"),
    "- 一项\n  写成两行": ("zh", "wrapped"),
    "一行 conv\nconv 两行": ("zh", "wrapped"),
    "## 输出尺寸": ("zh", "id"),
    "## Output size { .small }": ("en", "id"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_rule_finds_its_slip(text):
    lang, rule = WRONG[text]
    found = lint.check(f"# T {{ #t }}\n\n{text}\n", lang, "a.md")
    assert rule in [finding.rule for finding in found] and {finding.line for finding in found} == {3}
    assert all(str(finding).startswith(f"a.md:3: {finding.rule}: ") for finding in found)


RIGHT = """---
description: 用 conv2d 手算
author: 步幅a
---

# 5.14.2 转置卷积 { #t }

用 `步幅a` 调用 `conv2d`，得 $n'$ 格，见[三种看法](x.md#步幅a)与 [`conv2d`](https://example.org/步幅a) 的文档。
{ .book-lead }

- **要点。** 《深度学习500问》写作 out = (in − 1)·s + k，输出 7×7；*步幅a, Inverse convolution* 是一本书的名字。
- 核**或**步长小于 3 即可：k = 3、s = 2，“半角”不出现（scatter）。
1. 第一项

$$
步幅a
$$

```python
# 您a步幅, 中
```

<!-- 步幅a，
您 -->

| 名称 | `padding` |
|---|---|
| 窄卷积（narrow） | `"valid"` 或 `0` |

[= figure("步幅a", "左图 A，右图 B。", "7 和 8 都变成 4") =]

!!! source "原文怎么说"

    一段话。
"""


def test_what_is_right_passes():
    assert lint.check(RIGHT, "zh", "a.md") == []


def test_the_description_of_a_page_is_prose_too():
    found = lint.check("---\ndescription: 步幅a\n---\n\n# T { #t }\n", "zh", "a.md")
    assert [(finding.line, finding.rule) for finding in found] == [(2, "term"), (2, "spacing")]


def test_a_lab_is_linted_language_by_language():
    lab = '# %% [markdown] lang="zh"\n# 您好\n\n# %% [markdown] lang="en"\n# 您好\n\n# %%\nx = "您"\n'
    assert [str(finding) for finding in lint.check(lint.manuscript.lab_text(lab, "zh"), "zh", "lab.py")] == [
        "lab.py:2: you: 您 → 你"
    ]
    assert lint.check(lint.manuscript.lab_text(lab, "en"), "en", "lab.py") == []


@pytest.mark.parametrize("found, status", [([], 0), ([lint.Finding("a.py", 2, "ruff", "E501 Line too long")], 1)])
def test_the_command_prints_what_it_found(monkeypatch, capsys, found, status):
    monkeypatch.setattr(lint, "documents", lambda: [("您好\n", "zh", "a.md", ())] if status else [])
    monkeypatch.setattr(lint, "ruff", lambda: found)
    monkeypatch.setattr(lint, "workflows", list)
    monkeypatch.setattr(lint, "types", list)
    with pytest.raises(SystemExit) as end:
        lint.main()
    printed = "a.md:1: you: 您 → 你\na.py:2: ruff: E501 Line too long\n"
    assert end.value.code == status and capsys.readouterr().out == (printed if status else "")
