// What is asked for. A query is a row of ideas, and an idea may be said in several ways: names of one thing stand for
// one another; a word for its other forms and for what begins with it; one that the book lacks, for those a slip away.
import { isChinese, isSlip, pairs, pieces, stem } from "./words.mjs";

/** @typedef {{ worth: number, phrase?: string, forms?: Map<string, number> }} Way a phrase, or the forms of a word */
/** @typedef {{ ways: Way[], weight: number, said: string[] }} Idea said: what to mark of it, where it stands */

const OTHER = 0.7; // what another name is worth, or a part of what was typed
const FORM = 0.8; // another form of a word; of a beginning, its share of the whole
const SLIP = 0.6;

export class Query {
  /** @param {string[][]} names of each thing @param {string[]} asking words that ask and say nothing
   * @param {import("./texts.mjs").Texts} texts */
  constructor(names, asking, texts) {
    this.texts = texts;
    const things = names.map((all) => [...new Set(all.map((name) => pieces(name).join(" ")))]);
    this.names = things.flatMap((all) => all.map((name) => ({ name, others: all.filter((other) => other !== name) })));
    this.names.sort((a, b) => b.name.length - a.name.length);
    this.asking = asking.sort((a, b) => b.length - a.length);
    /** @type {Map<string, string[]>} */
    this.stems = new Map();
    this.words = [...texts.postings.keys()].filter((word) => !isChinese(word));
    for (const word of this.words) {
      const key = stem(word);
      this.stems.set(key, [...(this.stems.get(key) ?? []), word]);
    }
  }

  /** @param {string} text @returns {Idea[]} */
  ideas(text) {
    let left = ` ${pieces(text.normalize("NFKC")).join(" ")} `;
    /** @type {Map<string, Idea>} */
    const ideas = new Map();
    for (const { name, others } of this.names) {
      const rest = without(left, name);
      if (rest === left) continue;
      left = rest;
      const said = [name, ...others];
      ideas.set(said.toSorted().join(), { ways: this.called(said), weight: 1, said }); // once, by whichever name
    }
    for (const [joined] of text.matchAll(/[a-z\d]+(?:[-_.][a-z\d]+)+/gi)) {
      const name = pieces(joined).join(" "), // U-Net is one thing, and no U
        rest = without(left, name);
      if (rest !== left) ideas.set(name, { ways: this.called([name]), weight: 1, said: [name] });
      left = rest;
    }
    const all = left.split(" ").filter(Boolean);
    for (const word of this.asking) left = without(left, word);
    const telling = left.split(" ").filter(Boolean);
    const words = ideas.size || telling.length ? telling : all;
    return [...ideas.values(), ...words.flatMap((word) => (isChinese(word) ? this.run(word) : this.word(word)))];
  }

  /** A thing by its names, the first of which was typed; its words by themselves are worth less.
   * @param {string[]} names @returns {Way[]} */
  called(names) {
    const parts = isChinese(names[0]) ? [] : names[0].split(" ");
    return [
      ...names.map((phrase, i) => ({ phrase, worth: i ? OTHER : 1 })),
      ...(parts.length > 1 ? parts.map((part) => ({ forms: this.forms(part), worth: OTHER / parts.length })) : []),
    ];
  }

  /** A Chinese run without names: as a whole, where the book has it, and by its pairs.
   * @param {string} run @returns {Idea[]} */
  run(run) {
    const known = pairs(run).filter((pair) => this.texts.postings.has(pair)),
      parts = known.map((phrase) => ({ phrase, worth: OTHER / known.length }));
    if (this.texts.phrase(run).size) return [{ ways: [{ phrase: run, worth: 1 }, ...parts], weight: 1, said: [run] }];
    const weight = 1 / Math.sqrt(known.length);
    return known.map((phrase) => ({ ways: [{ phrase, worth: 1 }], weight, said: [phrase] }));
  }

  /** @param {string} word @returns {Idea} */
  word(word) {
    const forms = this.forms(word);
    return { ways: [{ forms, worth: 1 }], weight: 1, said: [...forms.keys()] };
  }

  /** What stands for a word, and what it is worth. @param {string} word @returns {Map<string, number>} */
  forms(word) {
    const known = this.words,
      forms = new Map((this.stems.get(stem(word)) ?? []).map((other) => [other, FORM]));
    for (const other of word.length > 2 ? known : [])
      if (other.startsWith(word) && !forms.has(other)) forms.set(other, (FORM * word.length) / other.length);
    if (this.texts.postings.has(word)) forms.set(word, 1);
    for (const other of !forms.size && word.length > 4 ? known : []) if (isSlip(word, other)) forms.set(other, SLIP);
    return forms;
  }
}

/** A text of pieces without a phrase; Latin words are taken out whole. @param {string} text @param {string} phrase */
function without(text, phrase) {
  if (isChinese(phrase)) return text.replaceAll(phrase, " ");
  for (const end of [" ", "s ", "es "]) text = text.replaceAll(` ${phrase}${end}`, "  ");
  return text;
}
