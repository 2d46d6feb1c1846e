"""Questions beside the text: the element <book-question> with its form and, folded, its answer.

All that is said stands in the page, so that the answer can be read without JavaScript; docs/assets/book/questions.mjs
compares what is given with it. Answers are worked out by `cnnbook.questions`, once for each state of the sources.
"""

import re
from functools import cache
from html import escape

from context import Page
from macro_errors import misused
from worked_out import worked_out

MARKUP = re.compile(r"`(?P<code>[^`]+)`|\$(?P<tex>[^$]+)\$")
WORDS = {
    "zh": {
        "title": "先想一想", "done": "已答对", "check": "核对", "answer": "答案", "slips": "常见的错：",
        "right": "对。", "wrong": "还不对，再想想。", "stop": "。", "colon": "：",
        "blank": {"number": "请填一个数，例如 3、−0.5 或 1/4。", "choice": "请先选一项。", "paint": "请先给格子上色。"},
        "board": "{} 行 {} 列的格子。方向键移动，空格键上色或擦掉。", "cell": "第 {i} 行第 {j} 列", "colour": "已上色",
        "bare": "空白", "clear": "全部擦掉", "painted": "上色的格子",
    },
    "en": {
        "title": "Think first", "done": "answered", "check": "Check", "answer": "Answer", "slips": "Common slips:",
        "right": "Right.", "wrong": "Not yet. Think again.", "stop": ". ", "colon": ": ",
        "blank": {
            "number": "Type a number, such as 3, −0.5 or 1/4.", "choice": "Choose an answer first.",
            "paint": "Paint some cells first.",
        },
        "board": "A board of {} rows and {} columns. Arrow keys move, the space bar paints or clears.",
        "cell": "Row {i}, column {j}", "colour": "painted", "bare": "blank", "clear": "Clear all",
        "painted": "The painted cells",
    },
}  # fmt: skip


@cache
def asked(topic: str) -> dict[str, dict]:
    """The questions of a topic as plain data, by name."""
    return worked_out("questions", topic, lambda module: {one.name: one.worked_out() for one in module.QUESTIONS})


def marked(text: str) -> str:
    """Text as HTML: `code`, and formulas as the page's other formulas are.

    >>> marked("`a<b` and $n+1$")
    '<code>a&lt;b</code> and <span class="arithmatex">\\\\(n+1\\\\)</span>'
    """

    def markup(found: re.Match) -> str:
        if found["code"]:
            return f"<code>{found['code']}</code>"
        return f'<span class="arithmatex">\\({found["tex"]}\\)</span>'

    return MARKUP.sub(markup, escape(text, quote=False))


def number_field(one: dict, lang: str) -> str:
    unit = f' <span id="{one["name"]}-unit">{marked(one["unit"][lang])}</span>' if one["unit"] else ""
    about = f"{one['name']}-prompt" + (f" {one['name']}-unit" if unit else "")
    field = f'<input type="text" inputmode="text" autocomplete="off" spellcheck="false" aria-labelledby="{about}">'
    return f"{field}{unit}"


def choice_field(one: dict, lang: str) -> str:
    label = '<label><input type="radio" name="{}" value="{}" autocomplete="off"> <span>{}</span></label>'
    options = enumerate(one["options"])
    labels = "".join(label.format(one["name"], at, marked(option[lang])) for at, option in options)
    return f'<fieldset disabled aria-labelledby="{one["name"]}-prompt">{labels}</fieldset>'


def paint_field(one: dict, lang: str) -> str:
    words, (rows, columns) = WORDS[lang], one["shape"]
    says = {"board": words["board"].format(rows, columns), "cell": words["cell"]}
    says |= {"colour": words["colour"], "bare": words["bare"]}
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in says.items())
    labels = "|".join(",".join(row) for row in one["labels"])
    return (
        f'<div class="book-question__board" data-shape="{rows},{columns}" data-labels="{escape(labels)}"{data}></div>'
        f'<button type="reset">{words["clear"]}</button>'
    )


FIELDS = {"number": number_field, "choice": choice_field, "paint": paint_field}


def painted(one: dict, cells: str, lang: str) -> str:
    """A board as a table: what is painted is marked."""
    rows, columns = one["shape"]
    there = set(cells.split())
    body = ""
    for i in range(rows):
        faces = (one["labels"][i][j] if one["labels"] else "" for j in range(columns))
        body += "<tr>"
        for j, face in enumerate(faces):
            mark = "■" if f"{i},{j}" in there else "□"
            body += f"<td>{mark}{f' {escape(face)}' if face else ''}</td>"
        body += "</tr>"
    return f'<table class="book-question__cells"><caption>{WORDS[lang]["painted"]}</caption>{body}</table>'


def shown(one: dict, given: str, lang: str) -> str:
    """An answer as it is read, of a board only where it is the right one."""
    if one["kind"] == "choice":
        return marked(one["options"][int(given)][lang])
    return escape(given.replace("-", "−")) if one["kind"] == "number" else ""


def with_unit(one: dict, lang: str) -> str:
    """What stands after the number: its unit, after a space unless it is a per cent sign."""
    unit = one["unit"][lang] if one.get("unit") else ""
    return unit if unit in ("", "%") else f" {marked(unit)}"


def folded(one: dict, lang: str) -> str:
    """The answer, why it is so, and a word to each of the wrong ones that people give."""
    words = WORDS[lang]
    unit = with_unit(one, lang)
    right = shown(one, one["answer"], lang)
    head = f"<b>{right}{unit}</b>{words['stop']}" if right else painted(one, one["answer"], lang)
    slips = ""
    for given, word in one["wrong"]:
        face = shown(one, given, lang)
        about = f"<b>{face}</b>{words['colon']}" if face else ""
        slips += f'<li>{about}<span data-given="{escape(given)}">{marked(word[lang])}</span></li>'
    return (
        f'<details class="book-question__answer"><summary>{words["answer"]}</summary>'
        f"<div>{head}{marked(one['why'][lang])}</div>"
        + (f"<p>{words['slips']}</p><ul>{slips}</ul>" if slips else "")
        + "</details>"
    )


def question(page: Page, name: str) -> str:
    """The question NAME of this page, `cnnbook/questions/<topic>.py`: on one line of HTML, as Markdown takes it."""
    one = asked(page.topic).get(name)
    if one is None:
        raise misused(page, "question", name, f"cnnbook/questions/{page.topic}.py asks no question {name!r}")
    lang, words = page.lang, WORDS[page.lang]
    says = {"right": words["right"], "wrong": words["wrong"], "blank": words["blank"][one["kind"]]}
    says |= {"kind": one["kind"], "name": name, "answer": one["answer"], "tolerance": one.get("tolerance", 0)}
    data = "".join(f' data-{key}="{escape(str(value))}"' for key, value in says.items())
    choice = one["kind"] == "choice"  # whose answers can be read where nothing can be pressed
    return (
        f'<div class="book-question no-terms" id="{name}" data-search-exclude><book-question{data}><form>'
        f'<p class="book-question__title">{words["title"]} '
        f'<span class="book-question__done" hidden>✓ {words["done"]}</span></p>'
        f'<p id="{name}-prompt">{marked(one["prompt"][lang])}</p>'
        f'<div class="book-question__row"{"" if choice else " hidden"}>{FIELDS[one["kind"]](one, lang)}'
        f'<button type="submit"{" hidden" if choice else ""}>{words["check"]}</button></div>'
        f"<output></output></form>{folded(one, lang)}</book-question></div>"
    )


MACROS = (question,)
