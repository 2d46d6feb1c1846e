// Elements, and words for a screen reader that come when the hand rests.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {SVGElementTagNameMap} Svg */
/** @typedef {HTMLElementTagNameMap & {[Name in keyof Svg as `svg:${Name}`]: Svg[Name]}} Elements */

/**
 * @template {keyof Elements} Name
 * @param {Name} name "p", or "svg:path"
 * @param {Record<string, string | number | boolean>} [attributes]
 * @param {(Node | string)[]} children
 */
export function make(name, attributes = {}, ...children) {
  const box = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) box.setAttribute(key, "");
    else if (value !== false) box.setAttribute(key, String(value));
  }
  box.append(...children);
  return /** @type {Elements[Name]} */ (box);
}

/** A button and what it does. */
export function button(/** @type {string} */ face, /** @type {() => void} */ act, more = {}) {
  const box = make("button", { type: "button", ...more }, face);
  box.addEventListener("click", act);
  return box;
}

/** A live region that says the last of what it is given, once nothing new has come for a while. */
export function announcer(box, rest = 500) {
  let timer = 0;
  return {
    box,
    say(/** @type {string} */ words) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (box.textContent !== words) box.textContent = words;
      }, rest);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

/** Where the arrow keys go: down, across. */
export const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The language of the page: "zh" or "en". */
export const language = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");

/** A group of radio buttons; each carries the field that it sets. */
export const radios = (
  /** @type {string} */ key,
  /** @type {string} */ field,
  /** @type {string} */ legend,
  /** @type {string[][]} */ options,
) =>
  make(
    "fieldset",
    { class: "widget__choice" },
    make("legend", {}, legend),
    ...options.map(([value, face]) =>
      make(
        "label",
        {},
        make("input", { type: "radio", name: `${key}-${field}`, value, "data-field": field }),
        make("span", {}, face),
      ),
    ),
  );

/** A table; the first cell of a row heads it. */
export const table = (/** @type {string} */ caption, /** @type {string[]} */ head, /** @type {string[][]} */ rows) =>
  make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...head.map((face) => make("th", { scope: "col" }, face)))),
    make(
      "tbody",
      {},
      ...rows.map((row) =>
        make("tr", {}, ...row.map((face, at) => make(at ? "td" : "th", at ? {} : { scope: "row" }, face))),
      ),
    ),
  );

/** A text with its {names} filled in. */
export const fill = (/** @type {string} */ words, /** @type {Record<string, any>} */ values) =>
  words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
