// The super-resolution network that a reader trains, against torch: its layers, sixty steps of training, its lattice.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import { load } from "./load.mjs";

const core = {};
for (const name of ["batches", "bicubic", "losses", "optimizers", "random", "simd", "super_resolution", "upsampling"])
  Object.assign(core, await load(`core/${name}.mjs`));
const { Looks } = await load("upsampling/looks.mjs");

const cases = JSON.parse(readFileSync(new URL("golden/upsampling.json", import.meta.url)));
const of = (...ops) => {
  const found = cases.filter(({ op }) => ops.includes(op));
  assert.ok(found.length >= ops.length, ops.join());
  return found;
};
const digest = (values) => createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");

/** Numbers from −1 to 1 that torch draws alike. */
function drawn(count, number, Real = Float64Array) {
  const key = core.keyOf(5, number, 0);
  return Real.from({ length: count }, (_, at) => 2 * core.uniformAt(key, at) - 1);
}

function near(found, expected, what, within = 1e-9) {
  assert.equal(found.length, expected.length, what);
  expected.forEach((one, at) => {
    const apart = Math.abs(found[at] - one);
    assert.ok(apart <= within * Math.max(1, Math.abs(one)), `${what} ${at}: ${found[at]}, not ${one}`);
  });
}

const KINDS = {
  replication_pad2d: core.ReplicationPad2d,
  upsample: core.Upsample,
  pixel_shuffle: core.PixelShuffle,
  conv_transpose2d: core.ConvTranspose2d,
  conv_transpose2d_four: core.ConvTranspose2d,
  conv_transpose2d_cut: core.ConvTranspose2d,
  conv_transpose2d_large: core.ConvTranspose2d,
};

test("each layer that enlarges gives torch's output and gradients, call after call", () => {
  for (const { op, options, shape, output, dx, grads } of of(...Object.keys(KINDS))) {
    const [n, ...one] = shape,
      layer = new KINDS[op](Float64Array, one, ...options),
      x = drawn(n * one[0] * one[1] * one[2], 1);
    layer.parameters.forEach(({ value }, number) => value.set(drawn(value.length, 2 + number)));
    for (const call of ["first", "second"]) {
      near(layer.forward(x, n), output, `${op}, output of the ${call} call`);
      near(layer.backward(drawn(output.length, 9), n), dx, `${op}, gradient of the input, ${call} call`);
      layer.parameters.forEach(({ grad, name }, at) => near(grad, grads[at], `${op}, gradient of ${name}`));
    }
  }
});

test("losses, bicubic interpolation, initial weights and patches are the book's", () => {
  for (const { kind, loss, grad } of of("mean_error")) {
    const gradient = new Float64Array(21);
    near([core.meanError(drawn(21, 20), drawn(21, 21), 21, gradient, kind)], [loss], kind);
    near(gradient, grad, `its gradient, ${kind}`);
  }
  for (const { op, size, to, output } of of("shrink", "enlarge"))
    near(core.bicubic(drawn(320, 22), size, to), output, op);
  for (const { kind, start, seed, count, values } of of("weights")) {
    const { parameters } = new core.SuperResolution(Float32Array, kind, 8).initialise(seed, start),
      all = Float32Array.from(parameters.flatMap(({ value }) => [...value]));
    assert.equal(all.length, count);
    assert.equal(digest(all), values, `${kind} ${start}`);
  }
  for (const { seed, rows } of of("patches"))
    assert.equal(digest(core.stream(seed, "split").randperm(10092).slice(0, 256)), rows);
});

test("sixty steps of training are torch's: to 1e-9 in float64, to 1e-3 in float32", () => {
  const runs = of("training"),
    double = runs.filter(({ real }) => real === "Float64Array"),
    single = runs.filter(({ real }) => real === "Float32Array");
  assert.notEqual(core.fastNumbers(), Float32Array);
  for (const run of [...double, single[0], ...single.map((one) => ({ ...one, real: "fast" }))]) {
    const { real, kind, start, loss, seed, side, examples, batch, lr, losses, norm } = run,
      Real = { Float64Array, Float32Array, fast: core.fastNumbers() }[real],
      network = new core.SuperResolution(Real, kind, side).initialise(seed, start),
      steps = new core.Optimizer(network.parameters, "adam"),
      inputs = drawn(examples * side ** 2, 50).map((one) => (one + 1) / 2 - 0.5),
      lacking = drawn(examples * 4 * side ** 2, 51).map((one) => one / 10),
      order = new core.Order(examples, seed),
      x = new Real(batch * side ** 2),
      target = new Real(batch * 4 * side ** 2);
    const found = losses.map((_, step) => {
      for (let at = 0; at < batch; at += 1) {
        const row = order.example(step * batch + at);
        x.set(inputs.subarray(row * side ** 2, (row + 1) * side ** 2), at * side ** 2);
        target.set(lacking.subarray(4 * row * side ** 2, 4 * (row + 1) * side ** 2), 4 * at * side ** 2);
      }
      const value = network.error(x, target, batch, loss);
      steps.step({ lr: lr * core.rate({ schedule: "cosine" }, step, losses.length) });
      return value;
    });
    const within = real === "Float64Array" ? 1e-9 : 1e-3,
      what = `${real} ${kind} ${start} ${loss}`;
    near(found, losses, what, within);
    const squares = network.parameters.flatMap(({ value }) => [...value].map((one) => one ** 2));
    near([Math.sqrt(squares.reduce((sum, one) => sum + one, 0))], [norm], what, within);
  }
});

test("the lattice is measured as the bench measures it", () => {
  for (const { kind, start, seed, ...expected } of of("measured")) {
    const network = new core.SuperResolution(Float64Array, kind, 8).initialise(seed, start),
      photograph = drawn(64 * 64, 23).map((one) => (one + 1) / 2),
      looks = new Looks(Float64Array, network, photograph),
      found = { ...looks.onGrey(), ...looks.onPhotograph() };
    for (const name of ["ripple", "whole", "local", "perfect", "psnr"])
      near([found[name]], [expected[name]], `${kind} ${start}, ${name}`);
    near([found.spread], [expected.spread], `${kind} ${start}, spread`, 1e-5); // the book's is in float32
  }
});

test("what the channels add on grey, and the biases, makes up the ripple", () => {
  for (const kind of ["k3", "sub_pixel", "nearest"]) {
    const network = new core.SuperResolution(Float64Array, kind, 8).initialise(1),
      looks = new Looks(Float64Array, network, new Float64Array(64 * 64)),
      { painted } = looks.onGrey(),
      sum = [0, 1, 2, 3].map((phase) => painted.reduce((total, period) => total + period[phase], 0)),
      flat = looks.flat.forward(looks.greys, 3).subarray(24 * 24, 2 * 24 * 24);
    near(
      sum,
      [flat[12 * 24 + 12], flat[12 * 24 + 13], flat[13 * 24 + 12], flat[13 * 24 + 13]].map((one) => 255 * one),
      kind,
    );
    if (kind === "nearest") assert.ok(painted.every((period) => Math.max(...period) - Math.min(...period) < 1e-9));
  }
});
