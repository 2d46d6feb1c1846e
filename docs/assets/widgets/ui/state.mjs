// The state of a figure in the address, one query parameter a figure: "1~0~6~nll~steps", of which 1 is the version.
// What is no choice of the figure is passed over, so that an old or a broken link shows the default; a whole number
// that is too large or too small becomes the nearest that may be.

const VERSION = "1";
const WHOLE = /^-?\d+$/;

/**
 * @param {string} name the figure's
 * @param {(string[] | ((text: string) => string | null))[]} choices for each field, all that it may be, or what makes
 *   of a text one that may be, or null
 * @param {string[]} start for each field, what it is by default
 */
export function readState(name, choices, start) {
  const [version, ...fields] = (new URLSearchParams(location.search).get(name) ?? "").split("~");
  const known = version === VERSION ? fields : [];
  return start.map((value, at) => {
    const choice = choices[at],
      text = known[at];
    if (typeof choice === "function") return text === undefined ? value : (choice(text) ?? value);
    return choice.includes(text) ? text : value;
  });
}

/** What makes a whole number of a text: the nearest from low to high. */
export const whole = (/** @type {number} */ low, /** @type {number} */ high) => (/** @type {string} */ text) =>
  WHOLE.test(text) ? String(Math.min(high, Math.max(low, Number(text))) + 0) : null;

/** Likewise for up to so many numbers between dots. */
export const wholes =
  (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ most) =>
  (/** @type {string} */ text) => {
    const numbers = text.split(".").map(whole(low, high));
    return numbers.length <= most && !numbers.includes(null) ? numbers.join(".") : null;
  };

/**
 * @param {string} name
 * @param {string[]} fields
 * @param {string[]} start the default, which leaves the address as it is
 */
export function writeState(name, fields, start) {
  const address = new URL(location.href);
  if (fields.join("~") === start.join("~")) address.searchParams.delete(name);
  else address.searchParams.set(name, [VERSION, ...fields].join("~"));
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
