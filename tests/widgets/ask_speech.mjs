// @ts-nocheck: the types of Node are not here
// What <ask-speech> makes of WAV files, for test_ask_speech.py, which compares it with the command.
import { readFileSync } from "node:fs";

import { load } from "./load.mjs";

const { facts, read } = await load("core/weights.mjs");
const { silent, prepared } = await load("core/sound.mjs");
const { logMel } = await load("core/mel.mjs");
const { answer } = await load("core/speech.mjs");
const { isWav, readWav } = await load("core/wav.mjs");

const [weights, ...paths] = process.argv.slice(2),
  bytes = (path) => new Uint8Array(readFileSync(path)),
  sent = bytes(weights).buffer,
  network = read(sent),
  norm = facts(sent);
const found = paths.map((path) => {
  const view = new DataView(bytes(path).buffer),
    sound = isWav(view) ? readWav(view) : null;
  if (!sound || sound === "cut") return sound;
  const { channels, rate } = sound;
  if (!channels[0].length) return "empty";
  const { wave, start, second, said } = prepared(channels, rate);
  if (silent(wave)) return "silent";
  const begun = performance.now(),
    spectrum = logMel(second),
    { chances, responses } = answer(network, norm, spectrum);
  return {
    rate,
    channels: channels.length,
    samples: wave.length,
    start,
    said,
    chances,
    spectrum: spectrum.map((row) => [...row]),
    responses: responses.map((row) => [...row]),
    ms: performance.now() - begun,
  };
});
process.stdout.write(JSON.stringify(found));
