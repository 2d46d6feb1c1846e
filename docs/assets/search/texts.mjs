// Sections, counted: in which of them a word or a phrase stands and how often, in the title and below it.
import { pieces, tokens } from "./words.mjs";

/** @typedef {{ title: number, text: number }} Count */
/** @typedef {Map<number, Count>} Counts by section */

export class Texts {
  /** @param {{ title: string, text: string }[]} sections */
  constructor(sections) {
    this.titles = sections.map(({ title }) => spaced(title));
    this.bodies = sections.map(({ text }) => spaced(text));
    /** @type {Map<string, Counts>} */
    this.postings = new Map();
    this.lengths = sections.map(({ title, text }, id) => {
      const words = tokens(text);
      for (const word of words) this.at(word, id).text++;
      for (const word of tokens(title)) this.at(word, id).title++;
      return words.length;
    });
    this.mean = this.lengths.reduce((sum, length) => sum + length, 0) / sections.length;
  }

  /** @param {string} word @param {number} id @returns {Count} */
  at(word, id) {
    let counts = this.postings.get(word);
    if (!counts) this.postings.set(word, (counts = new Map()));
    let count = counts.get(id);
    if (!count) counts.set(id, (count = { title: 0, text: 0 }));
    return count;
  }

  /** Where a phrase stands. @param {string} phrase @returns {Counts} */
  phrase(phrase) {
    const forms = whole(phrase),
      /** @type {Counts} */
      counts = new Map();
    this.bodies.forEach((body, id) => {
      const title = times(this.titles[id], forms),
        text = times(body, forms);
      if (title || text) counts.set(id, { title, text });
    });
    return counts;
  }

  /** Where any of these words stands; each has its worth. @param {Map<string, number>} forms @returns {Counts} */
  words(forms) {
    /** @type {Counts} */
    const counts = new Map();
    for (const [form, worth] of forms)
      for (const [id, { title, text }] of this.postings.get(form) ?? []) {
        const count = counts.get(id) ?? { title: 0, text: 0 };
        counts.set(id, { title: count.title + worth * title, text: count.text + worth * text });
      }
    return counts;
  }

  /** Whether all that is asked stands there, word by word. @param {number} id @param {string} words */
  has(id, words) {
    return this.titles[id].includes(words) || this.bodies[id].includes(words);
  }
}

/** A text as its pieces, with a space around each. @param {string} text */
export const spaced = (text) => ` ${pieces(text).join(" ")} `;

/** How a phrase stands in such a text: words whole, the last perhaps in the plural. @param {string} phrase */
function whole(phrase) {
  const start = /^\p{sc=Han}/u.test(phrase) ? "" : " ";
  return /\p{sc=Han}$/u.test(phrase) ? [start + phrase] : ["", "s", "es"].map((end) => `${start}${phrase}${end} `);
}

/** @param {string} text @param {string[]} forms */
function times(text, forms) {
  let count = 0;
  for (const form of forms)
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + Math.max(1, form.length - 1))) count++;
  return count;
}
