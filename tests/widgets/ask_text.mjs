// @ts-nocheck: the types of Node are not here
// What <ask-text> answers to the texts of a file, for test_ask_text.py, which compares it with the command.
import { readFileSync } from "node:fs";

import { load } from "./load.mjs";

const { TextNetwork } = await load("core/text.mjs");
const { joined, languageOf, tokens } = await load("core/tokens.mjs");
const { read, unfolded } = await load("core/weights.mjs");
const { unzipped } = await load("core/gzip.mjs");

const [folder, asked] = process.argv.slice(2),
  sent = (name) => new Uint8Array(readFileSync(`${folder}/${name}.bin`)).buffer,
  { texts, letters } = JSON.parse(readFileSync(asked, "utf8")),
  networks = {};
for (const lang of ["zh", "en"]) {
  const words = await unzipped(sent(`text-${lang}.words`)).text();
  networks[lang] = new TextNetwork(read(await unfolded(sent(`text-${lang}`))), words.split("\n"));
}
const answers = texts.map(([text, lang]) => {
  const cut = tokens(text),
    language = lang ?? languageOf(cut),
    network = networks[language];
  if (!network.knows(cut)) return { tokens: cut, language };
  const { shares, bias, margin, praise, unknown } = network.answer(cut);
  return {
    language,
    tokens: cut,
    unknown: [...unknown],
    bias,
    margin,
    praise,
    shares: shares.map(({ gram, share }) => [gram, share]),
    placed: shares.every(({ gram, at, count }) => joined(cut.slice(at, at + count)) === gram),
  };
});
const cuts = letters.map((code) => tokens(`a${String.fromCodePoint(code)}b`));
process.stdout.write(JSON.stringify({ answers, cuts }));
