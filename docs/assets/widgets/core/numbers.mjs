// Small things of numbers that many modules need. No DOM.

/** @typedef {number | number[]} Ints one number, or one an axis */

export const axisOf = (/** @type {Ints} */ value, /** @type {number} */ axis) =>
  Array.isArray(value) ? (value[axis] ?? value[0]) : value;
export const range = (/** @type {number} */ count) => [...Array(Math.max(count, 0)).keys()];
export const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);
export const mean = (/** @type {number[]} */ values) => sum(values) / values.length;
