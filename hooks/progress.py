"""The element <book-path>: on the contents, on the map and before one starts, it shows how far the reader is.

What was read, answered and checked is known to the reader's browser alone (docs/assets/book/path.mjs). The page says
which questions and exercises each section has, and all the words; without JavaScript nothing of it shows.
"""

import json
from html import escape

from context import Page
from exercises import written
from macro_errors import misused
from questions import asked

PLACES = ("contents", "map", "before")
WORDS = {
    "zh": {
        "read": "读过", "answered": "答对 {done}/{all} 题", "checked": "做对 {done}/{all} 道练习",
        "of": "读过 {done}/{all}",
        "paste": "把 `cnnbook check` 打印的那一行贴在这里，一次贴几行也行", "add": "记下",
        "added": "记下了：{names}。", "mistaken": "这一行不对，请整行复制：{line}",
        "empty": "请先贴一行，例如 {line}。",
        "export": "导出", "import": "导入", "erase": "全部清除", "sure": "清除本浏览器里的全部记录？此操作不能撤销。",
        "erased": "已全部清除。", "imported": "已导入，与原有的记录合并。", "foreign": "这不是本书导出的文件。",
        "closed": "浏览器不让保存（也许是无痕窗口）：离开本页，记录就没有了。",
        "kept": "读过的页、答对的题、做对的练习和打的勾，只存在这个浏览器里，不上传，也没有 cookie。",
        "done": "做对的练习：{names}。", "comma": "、",
    },
    "en": {
        "read": "read", "answered": "{done} of {all} questions", "checked": "{done} of {all} exercises",
        "of": "{done} of {all} read",
        "paste": "Paste the line that `cnnbook check` printed, or several at once", "add": "Add",
        "added": "Added: {names}.", "mistaken": "This line does not fit; copy the whole of it: {line}",
        "empty": "Paste a line first, such as {line}.",
        "export": "Export", "import": "Import", "erase": "Erase all",
        "sure": "Erase all that this browser has kept? There is no way back.",
        "erased": "All is erased.", "imported": "Imported, and merged with what was here.",
        "foreign": "This is not a file that this book exported.",
        "closed": "This browser keeps nothing, perhaps as the window is private: what you add is gone with this page.",
        "kept": "What you have read, answered, checked and ticked stays in this browser: nothing is sent, and there are"
        " no cookies.",
        "done": "Exercises done: {names}.", "comma": ", ",
    },
}  # fmt: skip


def sections(page: Page) -> dict[str, list[list[str]]]:
    """Address of each section that asks anything → the names of its questions, and of its exercises."""
    topics = [topic for topic in page.book.titles if "/" in topic]
    found = {f"{topic}/": [list(asked(topic)), list(written(topic))] for topic in topics}
    return {address: both for address, both in found.items() if any(both)}


def panel(lang: str) -> str:
    """What can be done with the record: add to it, take it along, erase it."""
    words = WORDS[lang]
    label = words["paste"].replace("`cnnbook check`", "<code>cnnbook check</code>")
    return (
        f'<p>{words["kept"]}</p><form><label for="book-path-lines">{label}</label>'
        f'<textarea id="book-path-lines" rows="2" spellcheck="false" autocomplete="off"></textarea>'
        f'<p class="book-path__row"><button type="submit">{words["add"]}</button>'
        f'<button type="button" name="export">{words["export"]}</button>'
        f'<label class="book-path__file">{words["import"]} <input type="file" accept=".json,application/json"></label>'
        f'<button type="button" name="erase">{words["erase"]}</button></p></form>'
        f'<p class="book-path__done" hidden></p><output></output>'
    )


def progress(page: Page, place: str) -> str:
    """Show the reader's path on this page, which is one of PLACES; on the map with all that can
    be done with it."""
    if place not in PLACES:
        raise misused(page, "progress", place, f"a place is one of {', '.join(PLACES)}, got {place!r}")
    words = json.dumps(WORDS[page.lang], ensure_ascii=False)
    data = f'data-words="{escape(words)}" data-sections="{escape(json.dumps(sections(page)))}"'
    inner = panel(page.lang) if place == "map" else ""
    return (
        '<div class="book-path no-terms" data-search-exclude>'
        f'<book-path data-place="{place}" {data} hidden>{inner}</book-path></div>'
    )


MACROS = (progress,)
