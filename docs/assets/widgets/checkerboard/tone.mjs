// Numbers as sound: after a press, for two seconds or until it is stopped. A constant is silent.

const RATE = 8000,
  HOLD = 8; // samples a second, and for each number

export class Tone {
  /** @this {Tone & {context?: AudioContext}} which the first press makes */
  play(/** @type {number[]} */ values, /** @type {() => void} */ ended) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length,
      most = Math.max(...values.map(Math.abs)) || 1;
    this.context ??= new AudioContext();
    const buffer = this.context.createBuffer(1, 2 * RATE, RATE),
      data = buffer.getChannelData(0);
    for (let t = 0; t < data.length; t += 1)
      data[t] = (0.2 * (values[Math.floor(t / HOLD) % values.length] - mean)) / most;
    this.loudest = data.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
    this.playing = this.context.createBufferSource();
    this.playing.buffer = buffer;
    this.playing.connect(this.context.destination);
    this.playing.addEventListener("ended", ended);
    this.playing.start();
  }

  stop() {
    const { playing } = this;
    this.playing = null;
    playing?.stop();
  }

  /** Silence, for good: a browser keeps few contexts. @this {Tone & {context?: AudioContext}} */
  end() {
    this.stop();
    this.context?.close();
    this.context = undefined;
  }
}
