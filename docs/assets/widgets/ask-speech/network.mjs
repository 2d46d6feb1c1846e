// The network of the package, fetched once, and what it makes of a sound.

import { logMel } from "../core/mel.mjs";
import { prepared, silent } from "../core/sound.mjs";
import { answer } from "../core/speech.mjs";
import { facts, read } from "../core/weights.mjs";
import { fetched } from "../ui/fetched.mjs";
import { SoundError } from "./decoding.mjs";

/** @type {{weights: ReturnType<typeof read>, facts: any}} */
let kept;

export async function heard(/** @type {import("../core/wav.mjs").Sound} */ { channels, rate }) {
  if (!kept) {
    const buffer = await fetched("weights/speech.bin");
    kept = { weights: read(buffer), facts: facts(buffer) };
  }
  const sound = prepared(channels, rate);
  if (silent(sound.wave)) throw new SoundError("silent");
  const spectrum = logMel(sound.second);
  return { ...sound, rate, channels: channels.length, spectrum, ...answer(kept.weights, kept.facts, spectrum) };
}
