"""A lab's page is its notebook as Markdown: prose as it stands, and code above outputs that no Markdown can change."""

import html
import re
import sys

import markdown
import pytest
from nbformat import v4

from cnnbook.exercises.registry import of_topic
from manuscript import LANGUAGES, ROOT, lab_cells, labs

STRANGE = "```\n\ta <b> & *c* $x$ [=d=] _e_\n\n    # f\n~~~\n*[g]: h\n</pre></div>\n"


@pytest.fixture
def notebooks(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import notebooks

    return notebooks


@pytest.fixture
def labs_hook(notebooks):
    import labs

    return labs


def rendered(text: str) -> str:
    extensions = ["abbr", "attr_list", "md_in_html", "pymdownx.superfences", "pymdownx.arithmatex", "toc"]
    return markdown.markdown(text, extensions=extensions)


def test_outputs_arrive_as_they_were_printed(notebooks):
    cell = v4.new_code_cell("x = 1", outputs=[v4.new_output("stream", text=STRANGE)])
    page = rendered(notebooks.markdown_of(cell, "en") + "\n\n## After { #after }")
    printed = re.search(r'<div class="nb-output">\s*<pre tabindex="0">(.*?)</pre>\s*</div>\s*</div>', page, re.S)
    assert html.unescape(printed[1]) == STRANGE and "<b>" not in page
    assert page.endswith('<h2 id="after">After</h2>')


def test_of_an_output_in_several_forms_a_page_shows_the_richest(notebooks):
    def shown(**data):
        return notebooks.shown(v4.new_output("display_data", data={k.replace("__", "/"): v for k, v in data.items()}))

    assert shown(text__plain="<Figure>", image__png="aGk=\n") == '<img alt="" src="data:image/png;base64,aGk=">'
    assert shown(text__plain="table", text__html="<table></table>") == "<table></table>"
    assert shown(text__plain="\x1b[31m1 < 2\x1b[0m").startswith('<pre tabindex="0"><span class="ansi-red-fg">1 &lt; 2')
    assert shown(application__json="{}") == ""


def test_a_page_has_the_cells_in_order_and_names_the_notebook(notebooks):
    cells = [v4.new_markdown_cell("# T { #t }"), v4.new_raw_cell("raw"), v4.new_code_cell("x")]
    page = notebooks.page_of(v4.new_notebook(cells=cells), "topic.ipynb", "en")
    head, _, body = page.removeprefix("---\n").partition("---\n\n")
    assert head == "notebook: topic.ipynb\n" and "raw" not in body
    assert body.startswith("# T { #t }") and "``````python\nx\n``````" in body and "nb-output" not in body


def picture(source: str, **metadata):
    output = v4.new_output("display_data", data={"image/png": "aGk=", "text/plain": "<Figure>"})
    return v4.new_code_cell(source, outputs=[output], metadata=metadata)


@pytest.mark.parametrize("lang, alt", [("zh", "一条&quot;线&quot;&#96;"), ("en", "a &lt;line&gt;")])
def test_a_picture_says_what_it_shows_in_the_page_s_language(notebooks, labs_hook, lang, alt):
    cell = picture('# alt zh: 一条"线"`\n# alt en: a <line>\nplt.show()')
    done = labs_hook.in_language(v4.new_notebook(cells=[cell]), lang)
    page = rendered(notebooks.page_of(done, "topic.ipynb", lang))
    assert html.unescape(re.search('<img alt="(.*?)"', page)[1]) == html.unescape(alt)
    assert "alt zh" not in page and done.cells[0].source == "plt.show()"


@pytest.mark.parametrize("source", ["plt.show()", "# alt zh: 线\nplt.show()", "# alt en: a\n# alt en: b\nplt.show()"])
def test_a_picture_without_words_of_its_own_stops_the_build(notebooks, labs_hook, source):
    with pytest.raises(labs_hook.LabError, match=r"every picture has a line `# alt en: …`: 1 and [02] below 'plt"):
        labs_hook.in_language(v4.new_notebook(cells=[picture(source)]), "en")


@pytest.mark.parametrize("path", labs(), ids=lambda path: path.relative_to(ROOT / "docs/labs").as_posix())
def test_every_picture_of_a_lab_has_words_in_both_languages(path, notebooks):
    from labs import ALT

    for line, info, code in lab_cells(path.read_text("utf-8")):
        if "[markdown]" not in info:
            found, shows = [lang for lang, _ in ALT.findall(code)], re.findall(r"^(?:plt\.)?show\(", code, re.M)
            assert found == list(LANGUAGES) * len(shows), f"{path}:{line}: {found}"


@pytest.mark.parametrize("tag, inside", [("predict", ("output",)), ("fold", ("source", "output"))])
def test_a_tag_closes_what_would_give_the_answer_away(notebooks, labs_hook, tag, inside):
    cell = v4.new_code_cell("answer", outputs=[v4.new_output("stream", text="42")], metadata={"tags": [tag]})
    done = labs_hook.in_language(v4.new_notebook(cells=[cell]), "zh")
    page = rendered(notebooks.page_of(done, "topic.ipynb", "zh"))
    closed = re.search(rf'<details class="nb-{tag}">\s*<summary>先.*?</summary>(.*?)</details>', page, re.S)[1]
    assert "42" in closed and ("answer" in closed) == ("source" in inside) and "``" not in page
    assert page.count("<div") == page.count("</div>") and "markdown=" not in page
    assert set(done.cells[0].metadata.jupyter) == {f"{what}s_hidden".replace("sources", "source") for what in inside}


def test_every_lab_asks_for_a_prediction_and_for_code_and_answers(notebooks):
    for path in labs():
        cells = lab_cells(path.read_text("utf-8"))
        assert any('tags=["fold"]' in info for _, info, _ in cells), f"{path}: no cell with an answer in code"
        for lang, box, guess in (("zh", '??? note "答案"', "**先猜**"), ("en", '??? note "Answers"', "**Predict**")):
            (words,) = (text for _, info, text in cells if f'"{lang}"' in info and "{ #exercises }" in text)
            asked, _, answers = words.partition(box)
            numbers = re.findall(r"^(\d)\. ", asked, re.M)
            assert 2 <= len(numbers) <= 4 and numbers == re.findall(r"^    (\d)\. ", answers, re.M), path
            assert guess in asked, f"{path}: no exercise asks for a prediction"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lab_ends_with_its_topic_s_exercises_as_cells_to_write_in_and_to_check(
    notebooks, capsys, tmp_path, monkeypatch, lang
):
    from lab_exercises import exercise_cells

    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))  # what passes here is not the user's own
    topic = "convolution/transposed"
    first, *cells = exercise_cells(topic, lang)
    assert "{ #write }" in first.source and f"(../../{topic}.md#exercises)" in first.source
    for asked, stub, check in zip(cells[::3], cells[1::3], cells[2::3], strict=True):
        exercise = next(one for one in of_topic(topic) if f"`{one.name}`" in asked.source)
        assert exercise.statement[lang] in asked.source and f"def {exercise.function}(" in stub.source
        scope = {}
        exec(stub.source, scope)  # as it stands it does no harm, and the check says what is missing
        exec(check.source, scope)
        assert {"zh": "还没有写", "en": "still to be written"}[lang] in capsys.readouterr().out
        exec(exercise.solved(), scope)
        exec(check.source, scope)
        assert exercise.tried[lang] in capsys.readouterr().out
        assert exercise.explanation[lang] not in asked.source + stub.source, "solutions are apart"
    assert len(cells) == 3 * len(of_topic(topic))
    assert len({cell.id for cell in cells}) == len(cells) and exercise_cells(topic, lang) == [first, *cells]
    page = rendered(notebooks.page_of(v4.new_notebook(cells=[first, *cells]), "transposed.ipynb", lang))
    assert page.count('class="no-terms" data-search-exclude') == len(cells)
    assert page.count("<div") == page.count("</div>")
    assert "nb-output" not in page and "``" not in page
    assert exercise_cells("convolution/none", lang) == []
