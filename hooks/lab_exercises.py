"""A topic's exercises as the last cells of its lab: what is asked, a stub to write in, and a cell that checks it.

They come from `cnnbook.exercises`, as the boxes of the topic's page do, so that no lab repeats them. They are put in
after the lab has been run: a stub is the reader's to fill in. Solutions and hints stand on the page, folded.
"""

from nbformat import NotebookNode, v4

from exercises import WORDS, written

TAG = "exercise"  # of these cells
SAID = {
    "zh": {
        "title": "自己写", "how": "下面是正文里的练习。写好函数，先运行它，再运行后面的核对：对了，会说试过什么；不对，"
        "会给出最小的反例。提示和解答在[正文](../../{}.md#exercises)。",
    },
    "en": {
        "title": "Write it yourself", "how": "These are the exercises of the section. Write the function, run it, then"
        " run the check below it: it says what was tried or, if something is wrong, gives the smallest case that fails."
        " Hints and solutions are [on the page](../../{}.md#exercises).",
    },
}  # fmt: skip


def exercise_cells(topic: str, lang: str) -> list[NotebookNode]:
    """The cells of a topic's exercises in a language, in order; none where it has no exercises."""
    if not (exercises := written(topic)):
        return []
    said = SAID[lang]
    cells = [v4.new_markdown_cell(f"## {said['title']} {{ #write }}\n\n{said['how'].format(topic)}", id="write")]
    for name, one in exercises.items():
        head = f"**{WORDS[lang]['exercise'].format(name.rpartition('-')[2])}{one['title'][lang]}** `{name}`"
        check = f'from cnnbook.exercises import check\n\ncheck("{name}", {one["function"]}, lang="{lang}")'
        made = (
            v4.new_markdown_cell(f"{head}\n\n{one['statement'][lang]}", id=f"{name}-asked"),
            v4.new_code_cell(one["begin"][lang].rstrip(), id=f"{name}-answer"),
            v4.new_code_cell(check, id=f"{name}-check"),
        )
        for cell in made:
            cell.metadata["tags"] = [TAG]
        cells += made
    return cells
