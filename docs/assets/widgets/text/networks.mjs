// The two networks of the package, each fetched when a text of its language is first typed.

import { TextNetwork } from "../core/text.mjs";
import { facts, read, unfolded, unzipped } from "../core/weights.mjs";
import { fetched } from "../ui/fetched.mjs";

/** @type {Record<string, TextNetwork & {accuracy: number}>} */
export const there = {};

/** The network of a language, "zh" or "en". */
export async function network(/** @type {string} */ lang) {
  const [sent, words] = await Promise.all(
    [`text-${lang}`, `text-${lang}.words`].map((name) => fetched(`weights/${name}.bin`)),
  );
  const buffer = await unfolded(sent),
    list = (await unzipped(words).text()).split("\n");
  there[lang] ??= Object.assign(new TextNetwork(read(buffer), list), { accuracy: facts(buffer).test_accuracy });
  return there[lang];
}
