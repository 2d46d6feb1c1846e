"""The summary of the claims page, which is also its filter: a count for each verdict, a choice of sections, words.

Without JavaScript it cannot be operated, and all claims show; docs/assets/book/claims.mjs does the rest.
"""

from html import escape

from cards import shape
from cnnbook.evidence.report import ClaimReport
from cnnbook.evidence.verdicts import Verdict

PAGE = {
    "zh": {
        "all": "全部", "section": "章节", "every": "全部章节", "verdict": "结论", "shown": "显示 {} 条，共 {} 条",
        "json": "下载全部数据（JSON）", "none": "没有符合条件的论断。", "reset": "清除筛选", "find": "查找",
    },
    "en": {
        "all": "All", "section": "Section", "every": "All sections", "verdict": "Verdict", "shown": "{} of {} shown",
        "json": "Download all data (JSON)", "none": "No matching claims.", "reset": "Clear the filter", "find": "Find",
    },
}  # fmt: skip


def filters(shown: list[ClaimReport], pages: dict[str, str], lang: str) -> str:
    """The summary of the claims shown; ``pages`` has the titles of their topics."""
    words, counts = PAGE[lang], dict.fromkeys(Verdict, 0)
    for one in shown:
        counts[one.verdict] += 1
    faces = {"": f"{words['all']} <b>{len(shown)}</b>"}
    faces |= {name: f"{shape(name)} {name.words[lang]} <b>{count}</b>" for name, count in counts.items()}
    radio = '<label><input type="radio" name="verdict" value="{}"{}><span>{}</span></label>'
    choices = "".join(radio.format(name, "" if name else " checked", face) for name, face in faces.items())
    topics = dict.fromkeys(one.topic for one in shown)
    options = "".join(f'<option value="{topic}">{escape(pages[topic])}</option>' for topic in topics)
    total = words["shown"].format(len(shown), len(shown))
    return (
        f'<div class="book-filter no-terms"><book-filter data-shown="{words["shown"]}"><form>'
        f'<fieldset disabled><legend class="book-unseen">{words["verdict"]}</legend>{choices}</fieldset>'
        f'<p class="book-filter__row"><label hidden>{words["find"]} '
        f'<input type="search" name="words" autocomplete="off" spellcheck="false"></label> '
        f'<label hidden>{words["section"]} <select name="section" autocomplete="off">'
        f'<option value="">{words["every"]}</option>{options}</select></label> <output>{total}</output> '
        f'<a href="../claims.json" download>{words["json"]}</a></p>'
        f'<p class="book-filter__none" hidden>{words["none"]} <button type="reset">{words["reset"]}</button></p>'
        f"</form></book-filter></div>"
    )
