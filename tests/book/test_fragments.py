"""A fragment that a reader may type, such as #%, stops none of the book's scripts."""

import json
import subprocess

import pytest

import node
from manuscript import ROOT

SCRIPTS = [f"docs/assets/book/{name}" for name in ("book.js", "claims.mjs", "glossary.mjs", "badges.js")]
RUN = """
const fs = require("node:fs");
const [fragment, ...scripts] = JSON.parse(fs.readFileSync(0, "utf-8"));
const asked = [], heard = {}, made = {}, seen = [];
const target = (id) => ({ id, closest: () => null, matches: () => false, querySelector: () => null });
globalThis.window = globalThis;
globalThis.location = { hash: fragment, href: "https://site/zh/a/" + fragment, pathname: "/zh/a/", search: "" };
globalThis.HTMLElement = globalThis.Element = class {};
globalThis.customElements = { get: () => undefined, define: (name, kind) => (made[name] = kind) };
globalThis.addEventListener = (name, heed) => (heard[name] ??= []).push(heed);
globalThis.document = {
  addEventListener() {}, fonts: { addEventListener() {} }, currentScript: { src: "https://site/zh/book.js" },
  documentElement: { lang: "zh-CN" }, querySelector: () => null, querySelectorAll: () => [],
  getElementById: (id) => (asked.push(id), target(id)),
};
globalThis.document$ = { subscribe: (heed) => seen.push(heed) };
globalThis.requestAnimationFrame = () => {};
globalThis.IntersectionObserver = class { observe() {} };
process.on("unhandledRejection", () => {}); // of modules, which there is no site to fetch from
for (const script of scripts) (0, eval)(fs.readFileSync(script, "utf-8"));
for (const heed of seen) heed({ body: document });
for (const heed of heard.hashchange ?? []) heed({ newURL: location.href });
new made["book-filter"]().showTarget();
console.log(JSON.stringify(asked));
"""


@pytest.mark.parametrize(
    ("fragment", "asked"),
    [
        ("#%", set()),
        ("#claim-%", set()),
        ("#%E5%8D", set()),
        ("#%zz", set()),
        ("#claim-x", {"claim-x"}),
        ("#%E5%8D%B7", {"卷"}),
    ],
)
def test_any_fragment_is_a_place_or_none(fragment, asked):
    program = node.find()
    assert program
    done = subprocess.run(
        [program, "-e", RUN],
        input=json.dumps([fragment, *SCRIPTS]),
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == asked
