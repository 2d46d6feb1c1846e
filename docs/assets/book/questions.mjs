// <book-question>: a question that checks itself. All it says stands in the page; here what is given is compared.

import { known, learn } from "./path.mjs";

/** The number that a reader typed: 3, −0.5, 1/4, 1,000; NaN where it is none. */
export function parsed(text) {
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").replace(/\s/g, "");
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:\/(\d+\.?\d*))?$/.exec(
    /^[+-]?\d{1,3}(,\d{3})+(\.|$)/.test(plain) ? plain.replace(/,/g, "") : plain.replace(",", "."),
  );
  return found ? Number(found[1]) / Number(found[2] ?? 1) : NaN;
}

class BookQuestion extends HTMLElement {
  async connectedCallback() {
    this.board?.watch();
    if (this.form) return;
    this.form = this.querySelector("form");
    const { kind } = this.dataset;
    if (kind === "paint") {
      const { board } = await import("./question-board.mjs");
      this.board = board(this.querySelector(".book-question__board"));
    }
    for (const part of this.form.querySelectorAll("[hidden]:not(.book-question__done)")) part.hidden = false;
    for (const group of this.form.querySelectorAll("fieldset")) group.disabled = false;
    this.first = true;
    this.answer = this.querySelector("details");
    this.answer.addEventListener("toggle", () => {
      if (this.answer.open && this.dataset.state !== "right") this.first = false; // it was looked up
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    this.form.addEventListener("reset", () => this.board?.clear());
    this.mark();
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    this.board?.end();
  }

  /** What the reader gives, as text; "" where it is nothing. */
  get given() {
    if (this.board) return this.board.cells();
    if (this.dataset.kind === "choice") return this.form.querySelector("input:checked")?.value ?? "";
    const value = parsed(this.form.querySelector("input").value);
    return Number.isFinite(value) ? String(value) : "";
  }

  same(given, text) {
    const near = () => Math.abs(Number(given) - Number(text)) <= Number(this.dataset.tolerance);
    return given === text || (this.dataset.kind === "number" && near());
  }

  check() {
    const { given, dataset } = this;
    if (!given) {
      this.say(dataset.blank);
      return;
    }
    dataset.state = this.same(given, dataset.answer) ? "right" : "wrong";
    if (dataset.state === "right") {
      learn("answered", dataset.name, this.first ? "first" : "later");
      this.answer.open = true;
      this.say(dataset.right);
      this.mark();
      return;
    }
    this.first = false;
    const slips = [...this.answer.querySelectorAll("[data-given]")];
    const slip = slips.find((one) => this.same(given, one.dataset.given));
    this.say(...(slip ? slip.cloneNode(true).childNodes : [dataset.wrong]));
  }

  say(...words) {
    this.querySelector("output").replaceChildren(...words);
  }

  mark() {
    this.querySelector(".book-question__done").hidden = !(this.dataset.name in known().answered);
  }
}

customElements.define("book-question", BookQuestion);
