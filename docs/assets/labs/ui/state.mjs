// The state of a figure in the address, one query parameter a figure: "1~0~6~nll~steps", of which 1 is the version.
// What is no choice of the figure is passed over, so that an old or a broken link shows the default.

const VERSION = "1";

/**
 * @param {string} name the figure's
 * @param {string[][]} choices for each field, all that it may be
 * @param {string[]} start for each field, what it is by default
 */
export function readState(name, choices, start) {
  const [version, ...fields] = (new URLSearchParams(location.search).get(name) ?? "").split("~");
  const known = version === VERSION ? fields : [];
  return start.map((value, at) => (choices[at].includes(known[at]) ? known[at] : value));
}

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
