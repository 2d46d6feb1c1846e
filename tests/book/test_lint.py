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
    (tmp_path / "hooks").mkdir()
    (tmp_path / "tests/widgets").mkdir(parents=True)
    scripts = {
        ".prettierrc.json": '{ "printWidth": 120 }\n',
        "docs/assets/a.js": "const a = 1;\n",
        "docs/assets/b.mjs": "const b  = 1;\n",
        "docs/assets/vendor/c.js": "const c  = 1;\n",
        "hooks/g.js": "const g  = 1;\n",
        "tests/widgets/d.mjs": f"const d = 1;\n// {'e' * 118}\n",
        "tests/widgets/f.mjs": "const f = 1;\n\nconst = 2;\n",
    }
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)
    assert [(one.path, one.line, one.rule) for one in lint.scripts(tmp_path)] == [
        ("tests/widgets/d.mjs", 2, "script"),
        ("docs/assets/b.mjs", 1, "script"),
        ("hooks/g.js", 1, "script"),
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
    "Foretell the last point, mend the kernel": ("en", "word"),
    "The labels are learned by heart": ("en", "word"),
    "Four arms share ten seeds": ("en", "word"),
    "Two looks leave it open": ("en", "word"),
    "The length of the weights falls": ("en", "word"),
    "The difference to the baseline": ("en", "word"),
    "Every value less the mean": ("en", "word"),
    "It takes 3 ms a step": ("en", "word"),
    "The noise scale is no constant": ("en", "word"),
    "Whilst it trains": ("en", "word"),
    "Below: the bands: one column a frame": ("en", "colons"),
    "After 1600 steps": ("en", "thousands"),
    "All 60000 images": ("en", "thousands"),
    "准确率变化 +2.1": ("zh", "word"),
    "论断：成立": ("zh", "word"),
    "“步长越大越好”，不成立": ("zh", "word"),
    "每张训练图都看过": ("zh", "word"),
    "层层包含的集合": ("zh", "word"),
    "与独热标签相比": ("zh", "word"),
    "子像素": ("zh", "word"),
    "梯度累加": ("zh", "word"),
    "与乱猜无异": ("zh", "word"),
    "各个相位和相等": ("zh", "term"),
    "四周补 0": ("zh", "term"),
    "左：下面：右": ("zh", "colons"),
    "取 60000 张": ("zh", "thousands"),
    "取 5,000 张": ("zh", "thousands"),
    "**太大。** 学习率": ("zh", "emphasis"),
    "原文是《深度学习 500 问》": ("zh", "title"),
    'It rises, [= evidence("a", "holds") =] and falls.': ("en", "badge"),
    'For constants [= evidence("a", "holds", 2) =] and ramps.': ("en", "badge"),
    '不一定没有，[= evidence("a", "refuted") =] 也不一定有。': ("zh", "badge"),
    'Accuracy changes by [= by("a", "higher") =].': ("en", "change"),
    '准确率变化 [= by("a", "higher") =]。': ("zh", "change"),
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

- **要点**。《深度学习500问》写作 out = (in − 1)·s + k，输出 7×7；*步幅a, Inverse convolution* 是一本书的名字。
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


PROPER = """
It rises. [= evidence("a", "holds") =] [= evidence("b", "holds") =] It falls ([5.1](a.md)). [= evidence("c", "holds") =]

He said “it rises.” [= evidence("a", "holds") =] Is it so? [= evidence("b", "holds") =] See. ([5.1](a.md)) The rest

- The stride [= evidence("a", "holds") =]

| 5,000 images: 1: 2 | [= evidence("a", "holds") =] |

Left: one (see 3); right: two. In 2017 there was keras#22876, at 1,600 Hz. The length of a step and a look at it are
no longer the same; there is no bad idea like it. Three times a second, it is the same, less the cost.
"""
NEAT = """
变化小。[= evidence("a", "holds") =] [= evidence("b", "holds") =] 对吗？[= evidence("a", "holds") =]（[5.1](a.md)）

**太大**，学习率；*左图*：训练图像 4000 张，共 60,000 张。**相位**（phase）。**核**
"""


@pytest.mark.parametrize(("text", "lang"), [(PROPER, "en"), (NEAT, "zh")])
def test_what_only_looks_like_a_slip_passes(text, lang):
    assert lint.check(text, lang, "a.md") == []


def test_claims_are_linted_language_by_language():
    claims = '[claim.statement]\nzh = "与独热标签相比。"\nen = "It mends it."\n'
    assert [str(one) for one in lint.check(lint.manuscript.claims_text(claims, "en"), "en", "a.toml")] == [
        "a.toml:3: word: mends → fix"
    ]
    assert "独热" in str(*lint.check(lint.manuscript.claims_text(claims, "zh"), "zh", "a.toml"))
    assert any(path.endswith(".toml") for _, _, path, _ in lint.documents())


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
    monkeypatch.setattr(lint, "scripts", list)
    monkeypatch.setattr(lint, "workflows", list)
    monkeypatch.setattr(lint, "types", list)
    with pytest.raises(SystemExit) as end:
        lint.main()
    printed = "a.md:1: you: 您 → 你\na.py:2: ruff: E501 Line too long\n"
    assert end.value.code == status and capsys.readouterr().out == (printed if status else "")
