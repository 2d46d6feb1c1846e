// Files that a figure needs, fetched when they are first asked for.

/** @type {Map<string, Promise<ArrayBuffer>>} */
const kept = new Map();

async function asked(/** @type {string} */ path) {
  const answer = await fetch(new URL(`../${path}`, import.meta.url));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.arrayBuffer();
}

/** A file below widgets/, once each; what failed may be asked for again. */
export function fetched(/** @type {string} */ path) {
  const found = kept.get(path) ?? asked(path);
  kept.set(path, found);
  found.catch(() => kept.delete(path));
  return found;
}
