// The book, ready to be asked: which pages answer, best first, and of each the sections that do. The measure is BM25F
// (Robertson and Zaragoza, 2009), with a title's part beside the text's: what is asked counts the more the rarer it is,
// in a title more than below it, and less in a long text. Pages are judged as wholes, and by their best section.
import { Query } from "./query.mjs";
import { Texts, spaced } from "./texts.mjs";
import { tokens } from "./words.mjs";

/** @typedef {{ at: string, title: string, text: string }} Section */
/** @typedef {{ weight: number, sections: Section[] }} Page the first section is its beginning, under its own title */
/** @typedef {{ names: string[][], asking: string[], pages: Page[] }} Book */
/** @typedef {{ score: number, share: number }} Merit share: how much of what is asked is there */
/** @typedef {{ page: number, score: number, sections: { id: number, score: number }[] }} Answer */

const SATURATION = 1.2, // k₁ and b of BM25
  LENGTH = 0.5,
  TITLE = { page: 2.5, section: 2, within: 0.5 }, // a page's own, a section's own, and that of a section of a page
  VERBATIM = 1; // what a section gains that has all that is asked, word by word

export class Index {
  /** @param {Book} book */
  constructor({ names, asking, pages }) {
    this.pages = pages;
    this.sections = pages.flatMap(({ sections }, page) =>
      sections.map((section, i) => ({ page, first: !i, ...section })),
    );
    this.texts = new Texts(this.sections);
    // What a hit in a title is worth: more, where the title says little else.
    this.exact = this.sections.map(
      ({ title }) => 0.5 + 0.5 / Math.sqrt(tokens(title.replace(/^[\d.]+/, "")).length || 1),
    );
    this.query = new Query(names, asking, this.texts);
  }

  /** @param {string} text @returns {{ answers: Answer[], said: string[] }} */
  ask(text) {
    const ideas = this.query.ideas(text),
      /** @type {Map<number, Merit>} */
      pages = new Map(),
      /** @type {Map<number, Merit>} */
      parts = new Map();
    let asked = 0;
    for (const idea of ideas) {
      const best = this.weigh(idea);
      asked += best.worth;
      add(pages, best.pages, best.worth);
      add(parts, best.parts, best.worth);
    }
    const verbatim = spaced(text.normalize("NFKC")).trim();
    const answers = new Map(
      [...pages].map(([page, { score, share }]) => [page, { page, score: score * (share / asked), sections: [] }]),
    );
    for (const [id, { score, share }] of parts) {
      const whole = this.texts.has(id, verbatim) ? 1 + VERBATIM : 1;
      answers.get(this.sections[id].page).sections.push({ id, score: score * (share / asked) * whole });
    }
    for (const answer of answers.values()) {
      answer.sections.sort((a, b) => b.score - a.score);
      answer.score = (answer.score + answer.sections[0].score) * this.pages[answer.page].weight;
    }
    return {
      answers: [...answers.values()].sort((a, b) => b.score - a.score),
      said: ideas.flatMap(({ said }) => said),
    };
  }

  /** What an idea is worth, and what pages and sections have of it, in the way that suits each best.
   * @param {import("./query.mjs").Idea} idea */
  weigh({ ways, weight }) {
    const pages = new Map(),
      parts = new Map(),
      all = this.sections.length;
    let worth = 0;
    for (const way of ways) {
      const counts = way.phrase ? this.texts.phrase(way.phrase) : this.texts.words(way.forms);
      if (!counts.size) continue;
      const value = weight * way.worth * Math.log(1 + (all - counts.size + 0.5) / (counts.size + 0.5));
      worth = Math.max(worth, value);
      const sums = new Map();
      for (const [id, { title, text }] of counts) {
        const { page, first } = this.sections[id],
          length = 1 - LENGTH + (LENGTH * this.texts.lengths[id]) / this.texts.mean,
          named = Math.min(1, title) * this.exact[id];
        better(parts, id, value * (saturated(text / length) + TITLE.section * named));
        const sum = sums.get(page) ?? { text: 0, own: 0, within: 0 };
        sum.text += text;
        if (first) sum.own = named;
        else sum.within = Math.max(sum.within, named);
        sums.set(page, sum);
      }
      for (const [page, { text, own, within }] of sums)
        better(pages, page, value * (saturated(text / 4) + TITLE.page * own + TITLE.within * within));
    }
    return { worth, pages, parts };
  }
}

/** Of a count: the tenth hit says little more than the ninth. @param {number} count */
const saturated = (count) => (count * (SATURATION + 1)) / (count + SATURATION);

/** @param {Map<number, number>} scores @param {number} id @param {number} score */
function better(scores, id, score) {
  scores.set(id, Math.max(scores.get(id) ?? 0, score));
}

/** @param {Map<number, Merit>} merits @param {Map<number, number>} scores @param {number} worth */
function add(merits, scores, worth) {
  for (const [id, more] of scores) {
    const { score, share } = merits.get(id) ?? { score: 0, share: 0 };
    merits.set(id, { score: score + more, share: share + Math.min(worth, more) });
  }
}
