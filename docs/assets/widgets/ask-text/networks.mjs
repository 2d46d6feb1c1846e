// The two networks of the package, each fetched when a text of its language is first typed.

import { unzipped } from "../core/gzip.mjs";
import { TextNetwork } from "../core/text.mjs";
import { facts, read, unfolded } from "../core/weights.mjs";
import { fetched } from "../ui/fetched.mjs";

/** @type {Record<string, TextNetwork & {accuracy: number}>} */
export const there = {};
/** @type {Map<string, Promise<void>>} */
const coming = new Map();

async function made(/** @type {string} */ lang) {
  const [sent, words] = await Promise.all(
    [`text-${lang}`, `text-${lang}.words`].map((name) => fetched(`weights/${name}.bin`)),
  );
  const buffer = await unfolded(sent),
    list = (await unzipped(words).text()).split("\n");
  there[lang] = Object.assign(new TextNetwork(read(buffer), list), { accuracy: facts(buffer).test_accuracy });
}

/** Until the network of a language, "zh" or "en", is there; what failed may be asked for again. */
export function network(/** @type {string} */ lang) {
  const found = coming.get(lang) ?? made(lang);
  coming.set(lang, found);
  found.catch(() => coming.delete(lang));
  return found;
}
