"""Ask the search what readers type, as a page does: the queries of tests/book/queries.toml, and how it answers."""

import json
import tomllib
from pathlib import Path

from manuscript import ROOT

QUERIES = ROOT / "tests/book/queries.toml"
ASK = """async ({ queries, worker, index }) => {
  const config = JSON.parse(document.getElementById("__config").textContent);
  const search = new Worker(worker ?? config.search);
  const ask = (type, data, answer) => new Promise((done) => {
    search.onmessage = ({ data: said }) => said.type === answer && done(said.data);
    search.postMessage({ type, data });
  });
  index ??= await (await fetch(new URL("search/search_index.json", new URL(`${config.base}/`, location)))).json();
  await ask(0, { ...index, options: {} }, 1);
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    const { items } = await ask(2, query, 3);
    answers.push({ query, items, ms: performance.now() - start });
  }
  search.terminate();
  return answers;
}"""


def queries() -> dict[str, dict[str, list[str]]]:
    """By language: what is typed, and the pages that answer it."""
    table = tomllib.loads(QUERIES.read_text("utf-8"))
    return {lang: {query: pages.split() for query, pages in rows.items()} for lang, rows in table.items()}


def ask(tab, asked: list[str], worker: str | None = None, index: dict | None = None) -> list[dict]:
    """The answers of the search of the page that the tab shows; ``worker`` and ``index`` take the place of its own."""
    return tab.evaluate(ASK, {"queries": asked, "worker": worker, "index": index})


def page_of(item: list[dict]) -> str:
    """The page of a result, by its name under docs."""
    return item[0]["location"].partition("#")[0].partition("?")[0].strip("/") or "index"


def places(answers: list[dict], wanted: dict[str, list[str]]) -> dict[str, int]:
    """At which place, from 1, the first right page of each query is; 0 for none."""
    return {
        answer["query"]: next(
            (at for at, item in enumerate(answer["items"], 1) if page_of(item) in wanted[answer["query"]]), 0
        )
        for answer in answers
    }


def judged(answers: list[dict], wanted: dict[str, list[str]]) -> dict[str, float]:
    """The shares that find the right page first and in the first three, and how many find nothing; times in ms."""
    at = list(places(answers, wanted).values())
    ms = [answer["ms"] for answer in answers]
    return {
        "queries": len(at),
        "first": round(sum(place == 1 for place in at) / len(at), 3),
        "in_three": round(sum(1 <= place <= 3 for place in at) / len(at), 3),
        "nothing": sum(not answer["items"] for answer in answers),
        "cold_ms": round(ms[0]),
        "worst_warm_ms": round(max(ms[1:])),
    }


def documents(folder: Path) -> list[dict]:
    """The sections of a built language, as the theme's own search takes them, with the names of what each is about."""
    book = json.loads((folder / "search/sections.json").read_text("utf-8"))
    return [
        {
            "location": section["at"],
            "title": section["title"],
            "text": f"{section['text']} {' '.join(about(section, book['names']))}",
            "boost": page["weight"],
        }
        for page in book["pages"]
        for section in page["sections"]
    ]


def about(section: dict, names: list[list[str]]) -> list[str]:
    """What else those things are called that a section's title names."""
    title = section["title"].lower()
    return [name for called in names if any(one.lower() in title for one in called) for name in called]


def names() -> list[list[str]]:
    """The Chinese and other names of the built book's things."""
    return json.loads((ROOT / "site/zh/search/sections.json").read_text("utf-8"))["names"]
