// What is measured of a network as it learns: its lattice on flat grey and in a photograph, layer by layer and channel
// by channel. As cnnbook.experiments.convolution._super_resolution measures it. No DOM.

import { bicubic } from "../core/bicubic.mjs";
import { mean } from "../core/numbers.mjs";
import { localPhaseShare, phaseShare } from "../core/shares.mjs";
import { BORDER, GREYS, inside, SCALE, SuperResolution } from "../core/super_resolution.mjs";

/** @typedef {import("../core/products.mjs").Numbers} Numbers */

const TILE = 16,
  FLAT = 12; // pixels of a flat image along a side: what no padding reaches is there
const variance = (/** @type {number[]} */ values) => {
  const level = mean(values);
  return mean(values.map((value) => (value - level) ** 2));
};

export class Looks {
  /**
   * @param {any} Real the kind of the numbers
   * @param {SuperResolution} network whose weights are shared
   * @param {ArrayLike<number>} photograph values 0…1, row by row
   */
  constructor(Real, network, photograph) {
    const side = Math.sqrt(photograph.length),
      small = side / SCALE,
      input = bicubic(photograph, [side, side], [small, small]);
    this.side = side;
    this.photograph = photograph;
    const plain = (this.plain = bicubic(input, [small, small], [side, side]));
    this.lacking = Float64Array.from(photograph, (value, at) => value - plain[at]); // a perfect residual
    this.wide = new SuperResolution(Real, network.kind, small, network);
    this.flat = new SuperResolution(Real, network.kind, FLAT, network);
    this.x = new Real(small * small);
    this.x.set(input.map((value) => value - 0.5));
    this.greys = new Real(GREYS.length * FLAT * FLAT);
    GREYS.forEach((grey, at) => this.greys.fill(grey / 255 - 0.5, at * FLAT * FLAT, (at + 1) * FLAT * FLAT));
    const channels = this.flat.features[0].shape[0];
    this.ones = new Real((channels + 1) * channels * FLAT * FLAT); // one channel is 1 everywhere; then none
    for (let c = 0; c < channels; c += 1) {
      const start = (c * channels + c) * FLAT * FLAT;
      this.ones.fill(1, start, start + FLAT * FLAT);
    }
  }

  /** On flat grey: the ripple in grey levels, how unequal the phase sums are, and what each channel adds. */
  onGrey() {
    const { flat, greys, ones } = this,
      large = FLAT * SCALE,
      channels = flat.features[0].shape[0];
    const residual = flat.forward(greys, GREYS.length),
      ripples = GREYS.map((_, at) => Math.sqrt(variance(inside(residual, at * large * large, large).flat()))),
      maps = flat.features.at(-1).kept.y,
      middle = (FLAT * FLAT + FLAT) / 2,
      ofGrey = (/** @type {number} */ c) => maps[(channels + c) * FLAT * FLAT + middle], // the second of three
      heights = [...Array(channels).keys()].map(ofGrey);
    const painted = flat.enlarged(ones, channels + 1),
      periods = [...Array(channels + 1).keys()].map((c) => {
        const rows = inside(painted, c * large * large, large);
        return [rows[0][0], rows[0][1], rows[1][0], rows[1][1]];
      }),
      nothing = periods.pop(), // the bias of each phase
      sums = periods.map((period) => period.map((value, phase) => value - nothing[phase]));
    const square = mean(sums.flat().map((value) => value ** 2));
    return {
      ripple: 255 * mean(ripples),
      spread: square > 0 ? (100 * mean(sums.map(variance))) / square : 0,
      painted: [
        ...sums.map((period, c) => period.map((value) => 255 * heights[c] * value)),
        nothing.map((one) => 255 * one),
      ],
    };
  }

  /** In the photograph: fidelity in dB, the lattice of the residual, and the local phase share after every layer. */
  onPhotograph() {
    const { wide, x, plain, photograph, lacking, side } = this,
      small = side / SCALE,
      count = wide.features[0].shape[0];
    const residual = Float64Array.from(wide.forward(x, 1).subarray(0, side * side)),
      output = residual.map((value, at) => value + plain[at]),
      psnr = (/** @type {ArrayLike<number>} */ shown) => {
        const apart = inside(
          Float64Array.from(shown, (value, at) => (value - photograph[at]) ** 2),
          0,
          side,
        ).flat();
        return -10 * Math.log10(mean(apart));
      };
    const local = (/** @type {number[][]} */ rows) => 100 * localPhaseShare(rows, SCALE, TILE),
      maps = [1, 3].map((at) => {
        const { y } = wide.features[at].kept;
        return mean([...Array(count).keys()].map((c) => local(inside(y, c * small * small, small, BORDER / SCALE))));
      }),
      added = inside(residual, 0, side);
    return {
      psnr: psnr(output),
      gain: psnr(output) - psnr(plain),
      whole: 100 * phaseShare(added, SCALE),
      local: local(added),
      perfect: local(inside(lacking, 0, side)),
      layers: [
        ...maps,
        local(added),
        local(inside(output, 0, side)),
        local(inside(Float64Array.from(photograph), 0, side)),
      ],
      residual,
      output,
    };
  }
}
