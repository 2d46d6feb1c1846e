// <book-path>: how far the reader is, on the contents, on the map and beside the three paths of "Before you start".

import { fill, make } from "../widgets/ui/dom.mjs";
import { digits, forget, keep, known, learn, pageOf, sound } from "./path.mjs";

const LINE = /^cnnbook:([a-z0-9_]+-[a-z0-9]+):(\d{4})$/;
const EXAMPLE = "transposed-1";

class BookPath extends HTMLElement {
  connectedCallback() {
    this.words ??= JSON.parse(this.dataset.words);
    this.sections ??= JSON.parse(this.dataset.sections);
    this.text = this.closest("article");
    this.redraw = () => this.draw();
    addEventListener("book-path", this.redraw);
    addEventListener("storage", this.redraw);
    if (this.dataset.place === "map" && !this.ready) this.open();
    this.ready = true;
    this.draw();
  }

  disconnectedCallback() {
    removeEventListener("book-path", this.redraw);
    removeEventListener("storage", this.redraw);
  }

  draw() {
    for (const old of this.text.querySelectorAll(".book-mark")) old.remove();
    const all = known();
    this[this.dataset.place](all);
  }

  /** What is known of the section to which a link leads, after the link. */
  mark(link, all) {
    const page = pageOf(link.href),
      [questions = [], exercises = []] = this.sections[page] ?? [],
      said = page in all.read ? [this.words.read] : [];
    for (const [kind, names] of [
      ["answered", questions],
      ["checked", exercises],
    ]) {
      const done = names.filter((name) => name in all[kind]).length;
      if (done) said.push(fill(this.words[kind], { done, all: names.length }));
    }
    if (said.length) link.after(make("span", { class: "book-mark" }, `✓ ${said.join(" · ")}`));
  }

  contents(all) {
    for (const link of this.text.querySelectorAll(".book-toc :is(li, li > p) > a:first-child")) this.mark(link, all);
  }

  /** Each of the paths, from its name in bold to the next one's: how many of the pages it leads to are read. */
  before(all) {
    let path = null;
    const paths = [];
    for (let box = this.text.querySelector("#paths"); (box = box.nextElementSibling) && box.tagName !== "H2";) {
      const head = box.matches("p") && box.querySelector(":scope > strong:first-child");
      if (head) paths.push((path = { head, links: [] }));
      path?.links.push(...box.querySelectorAll("a[href]:not(.book-term)"));
    }
    for (const { head, links } of paths) {
      const pages = new Set(links.map((link) => pageOf(link.href)).filter(Boolean));
      const done = [...pages].filter((page) => page in all.read).length;
      if (!done) continue;
      head.parentElement.append(make("span", { class: "book-mark" }, fill(this.words.of, { done, all: pages.size })));
      for (const link of links)
        if (pageOf(link.href) in all.read)
          link.after(
            make("span", { class: "book-mark" }, "✓", make("span", { class: "book-unseen" }, this.words.read)),
          );
    }
  }

  map(all) {
    let page = "",
      place = 0;
    for (const box of this.text.querySelectorAll("p > strong > a, li > label > input[type=checkbox]")) {
      if (box.matches("a")) {
        page = pageOf(box.href);
        place = 0;
        this.mark(box, all);
      } else {
        box.dataset.name = `${page}#${++place}`;
        box.checked = box.dataset.name in all.ticked;
      }
    }
    const names = Object.keys(all.checked),
      done = this.querySelector(".book-path__done");
    done.hidden = !names.length;
    done.textContent = fill(this.words.done, { names: names.join(this.words.comma) });
  }

  /** The map's ticks and its panel. */
  open() {
    const form = this.querySelector("form"),
      lines = this.querySelector("textarea");
    this.hidden = false;
    this.text.addEventListener("change", ({ target }) => {
      const { name } = target.dataset;
      if (name) this.done(target.checked ? learn("ticked", name) : forget("ticked", name), "");
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.paste(lines);
    });
    form.elements.export.addEventListener("click", () => this.save());
    form.elements.erase.addEventListener("click", () => {
      if (confirm(this.words.sure)) this.done(keep(sound({})), this.words.erased);
    });
    form.querySelector("[type=file]").addEventListener("change", ({ target }) => this.load(target));
  }

  done(kept, words) {
    this.say(kept ? words : this.words.closed);
  }

  say(words) {
    this.querySelector("output").textContent = words;
  }

  paste(box) {
    const example = `cnnbook:${EXAMPLE}:${digits(EXAMPLE)}`,
      lines = box.value
        .normalize("NFKC")
        .split(/\s+/)
        .filter((word) => word.includes("cnnbook:")),
      found = lines.map((line) => LINE.exec(line)),
      bad = found.findIndex((hit) => !hit || digits(hit[1]) !== hit[2]);
    if (!lines.length) this.say(fill(this.words.empty, { line: example }));
    else if (bad >= 0) this.say(fill(this.words.mistaken, { line: lines[bad] }));
    else {
      const kept = found.map(([, name]) => learn("checked", name)).every(Boolean);
      box.value = "";
      this.done(kept, fill(this.words.added, { names: found.map(([, name]) => name).join(this.words.comma) }));
    }
  }

  save() {
    const data = JSON.stringify({ book: "cnnbook", version: 1, ...known() }, null, 1),
      address = URL.createObjectURL(new Blob([data], { type: "application/json" }));
    make("a", { href: address, download: "cnnbook-path.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  async load(field) {
    try {
      const found = JSON.parse(await field.files[0].text());
      if (found?.book !== "cnnbook" || found.version !== 1) throw new SyntaxError("another file");
      const here = known(),
        there = sound(found);
      for (const kind of Object.keys(here)) here[kind] = { ...there[kind], ...here[kind] };
      this.done(keep(here), this.words.imported);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.say(this.words.foreign);
    }
    field.value = "";
  }
}

customElements.define("book-path", BookPath);
