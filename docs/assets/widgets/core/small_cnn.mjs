// The book's network, as cnnbook.training.networks.small_cnn builds it. No DOM.

import { Conv2d, Dropout, Linear, ReLU } from "./layers.mjs";
import { Network } from "./network.mjs";
import { BatchNorm2d } from "./pooling.mjs";

/**
 * Two convolutions with stride 2 and two linear layers. Dropout may be changed as the network is trained; without it,
 * its layer does nothing.
 */
export function smallCnn(
  /** @type {import("./layers.mjs").Real} */ Real,
  { channels = [8, 16], hidden = 64, classes = 10, dropout = 0, channelDropout = 0, batchNorm = false, side = 28 } = {},
) {
  /** @type {import("./network.mjs").Layer[]} */
  const layers = [],
    last = () => layers.at(-1).shape;
  channels.forEach((out, at) => {
    const kernel = at ? 3 : 5;
    layers.push(new Conv2d(Real, at ? last() : [1, side, side], out, kernel, 2, kernel >> 1));
    if (batchNorm) layers.push(new BatchNorm2d(Real, last()));
    layers.push(new ReLU(Real, last()));
  });
  if (channelDropout) layers.push(new Dropout(Real, last(), channelDropout, true));
  layers.push(new Linear(Real, last(), hidden), new ReLU(Real, [hidden]), new Dropout(Real, [hidden], dropout));
  return new Network([...layers, new Linear(Real, [hidden], classes)]);
}
