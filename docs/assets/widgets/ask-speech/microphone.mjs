// A few seconds from the microphone, asked for when the reader presses, and given back at once.

import { SoundError } from "./decoding.mjs";

const MOST = 3000, // ms
  WORDS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "nowhere" };

/**
 * Begins to record.
 * @returns {Promise<{stop: () => void, bytes: Promise<ArrayBuffer>}>} the recording comes when it is stopped, or by
 *   itself after a while
 */
export async function record() {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new SoundError("nowhere");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(({ name }) => {
    throw new SoundError(WORDS[name] ?? "nowhere");
  });
  const recorder = new MediaRecorder(stream),
    parts = [],
    stop = () => recorder.state === "recording" && recorder.stop(),
    timer = setTimeout(stop, MOST);
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((done) => recorder.addEventListener("stop", done));
  recorder.start();
  return {
    stop,
    bytes: ended.then(() => {
      clearTimeout(timer);
      for (const track of stream.getTracks()) track.stop();
      return new Blob(parts).arrayBuffer();
    }),
  };
}
