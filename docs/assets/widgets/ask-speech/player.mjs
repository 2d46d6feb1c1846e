// Plays a second of sound, when the reader presses.

import { RATE } from "../core/sound.mjs";

export class Player {
  play(/** @type {Float32Array} */ samples) {
    this.source?.stop();
    this.speaker ??= new AudioContext();
    const buffer = this.speaker.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    this.source = new AudioBufferSourceNode(this.speaker, { buffer });
    this.source.connect(this.speaker.destination);
    this.speaker.resume();
    this.source.start();
  }

  end() {
    this.speaker?.close();
    this.speaker = this.source = null;
  }
}
