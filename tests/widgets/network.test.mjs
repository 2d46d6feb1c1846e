// The network that a reader trains, against torch: its layers, its randomness, sixty steps of its training.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import { load } from "./load.mjs";

const core = {};
for (const name of [
  "batches",
  "diagnosis",
  "layers",
  "losses",
  "network",
  "optimizers",
  "pooling",
  "random",
  "simd",
  "small_cnn",
  "products",
])
  Object.assign(core, await load(`core/${name}.mjs`));

const cases = JSON.parse(readFileSync(new URL("golden/network.json", import.meta.url)));
const of = (...ops) => {
  const found = cases.filter(({ op }) => ops.includes(op));
  assert.ok(found.length >= ops.length, ops.join());
  return found;
};
const digest = (values) => createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
const count = (shape) => shape.reduce((product, side) => product * side, 1);

/** Numbers from −1 to 1 that torch draws alike. */
function drawn(shape, number, Real = Float64Array) {
  const key = core.keyOf(5, number, 0);
  return Real.from({ length: count(shape) }, (_, at) => 2 * core.uniformAt(key, at) - 1);
}

function near(found, expected, what, within = 1e-9) {
  assert.equal(found.length, expected.length, what);
  expected.forEach((one, at) => {
    const apart = Math.abs(found[at] - one);
    assert.ok(apart <= within * Math.max(1, Math.abs(one)), `${what} ${at}: ${found[at]}, not ${one}`);
  });
}

const LAYERS = {
  conv2d: (shape) => new core.Conv2d(Float64Array, shape, 5, 3, 2, 1),
  conv2d_plain: (shape) => new core.Conv2d(Float64Array, shape, 4, 2),
  linear: (shape) => new core.Linear(Float64Array, shape, 7),
  relu: (shape) => new core.ReLU(Float64Array, shape),
  max_pool2d: (shape) => new core.MaxPool2d(Float64Array, shape, 3, 2),
  avg_pool2d: (shape) => new core.AvgPool2d(Float64Array, shape, 2),
  batch_norm2d: (shape) => new core.BatchNorm2d(Float64Array, shape),
};

test("products by four numbers at a time are those one by one, of any shape and either transposed", () => {
  const Fast = core.fastNumbers();
  for (const [m, n, k] of [
    [4, 8, 3],
    [5, 17, 9],
    [8, 49, 25],
    [16, 72, 49],
    [10, 64, 32],
    [3, 3, 3],
    [9, 2, 5],
  ])
    // prettier-ignore
    for (const mode of ["a b", "a bT", "aT b"]) {
      const [a, b, c] = [m * k, k * n, m * n].map((length, at) => {
        const values = new Fast(length);
        values.set(drawn([length], 60 + at));
        return values;
      });
      assert.ok(core.within([a, b, c]));
      const [ai, ap] = mode === "aT b" ? [1, m] : [k, 1],
        [bp, bj] = mode === "a bT" ? [1, k] : [n, 1];
      const expected = [...c].map((value, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        for (let p = 0; p < k; p += 1) value += a[i * ai + p * ap] * b[p * bp + j * bj];
        return value;
      });
      core.multiply(c, 0, n, a, 0, ai, ap, b, 0, bp, bj, m, n, k);
      near(c, expected, `${m}×${k} · ${k}×${n}, ${mode}`, 1e-5);
    }
});

test("each layer's output and gradients are those of torch", () => {
  for (const { op, shape, output, dx, grads, buffers, evaluated } of of(...Object.keys(LAYERS))) {
    const [n, ...one] = shape,
      layer = LAYERS[op](one),
      x = drawn(shape, 1);
    layer.parameters.forEach(({ value }, number) => value.set(drawn([value.length], 2 + number)));
    near(layer.forward(x, n), output, `${op}, output`);
    near(layer.backward(drawn([output.length], 9), n), dx, `${op}, gradient of the input`);
    layer.parameters.forEach(({ grad, name }, at) => near(grad, grads[at], `${op}, gradient of ${name}`));
    if (buffers.length)
      [layer.mean, layer.variance].forEach((one, at) => near(one, buffers[at], `${op}, buffer ${at}`));
    layer.training = false;
    near(layer.forward(x, n), evaluated, `${op}, in evaluation`);
  }
});

test("losses, penalties and what is measured are those of torch", () => {
  const logits = drawn([6, 10], 20).map((one) => 4 * one);
  for (const { labels, smoothing, loss, grad } of of("cross_entropy")) {
    const gradient = new Float64Array(60);
    near([core.crossEntropy(logits, labels, 6, 10, gradient, smoothing)], [loss], "cross-entropy");
    near(gradient, grad, "its gradient");
  }
  for (const { op, loss, grad } of of("l2_penalty", "l1_penalty")) {
    const weight = core.parameter(Float64Array, "weight", [4, 5]),
      bias = core.parameter(Float64Array, "bias", [4]);
    weight.value.set(drawn([4, 5], 21));
    bias.value.set(drawn([4], 22));
    const penalty = { l2_penalty: core.l2Penalty, l1_penalty: core.l1Penalty }[op];
    near([penalty([weight, bias], 0.3)], [loss], op);
    near(weight.grad, grad, op);
    assert.ok(bias.grad.every((one) => one === 0));
  }
  const [{ op: _, ...expected }] = of("scores"),
    labels = [...Array(200).keys()].map((at) => (at * 7) % 10);
  const found = core.scores(
    drawn([200, 10], 23).map((one) => 3 * one),
    labels,
    200,
    10,
  );
  for (const [name, value] of Object.entries(expected)) near([found[name]], [value], name, 1e-4);
  assert.ok(Number.isNaN(core.scores(new Float64Array(10).fill(Infinity), [1], 1, 10).nll));
});

test("six steps of each optimiser, and the schedules, are those of torch", () => {
  for (const { output, name, ...settings } of of("optimizer")) {
    const parameter = core.parameter(Float64Array, "weight", [9]),
      steps = new core.Optimizer([parameter], name);
    parameter.value.set(drawn([9], 30));
    for (let step = 0; step < 6; step += 1) {
      parameter.grad.set(drawn([9], 31 + step));
      steps.step(settings);
    }
    near(parameter.value, output, `${name} ${JSON.stringify(settings)}`);
  }
  for (const { name, output } of of("schedule"))
    near(
      output.map((_, t) => core.SCHEDULES[name](t, output.length)),
      output,
      name,
      1e-7,
    );
});

test("streams, examples, labels, orders and masks are the book's, bit for bit", () => {
  for (const { seed, purpose, order, shift } of of("stream")) {
    const generator = core.stream(seed, ...purpose);
    assert.equal(digest(generator.randperm(700)), order, purpose.join());
    assert.deepEqual([...generator.randint(1, 10, 9)], shift);
  }
  for (const { pool, n, seed, labels, places } of of("split")) {
    const rows = core.split(pool, n, seed);
    assert.deepEqual([rows.map(({ label }) => label), rows.map(({ place }) => place)], [labels, places]);
    for (const { share, labels: wrong } of of("noisy").filter((one) => one.n === n && one.seed === seed))
      assert.deepEqual(core.noisy(labels, share, 10, seed), wrong, `share ${share}`);
  }
  for (const { seed, n, order: expected } of of("order")) {
    const order = new core.Order(n, seed);
    assert.equal(digest(Int32Array.from({ length: 3 * n }, (_, at) => order.example(at))), expected);
  }
  for (const { seed, step, layer, values } of of("uniform")) {
    const key = core.keyOf(seed, step, layer);
    assert.equal(digest(Float32Array.from({ length: 350 }, (_, at) => core.uniformAt(key, at))), values);
  }
  const [{ mean, std, values }] = of("standardised");
  assert.equal(digest(core.standardised(mean, std)), values);
  const [{ seed, step, pixels, fill, values: moved }] = of("shifted"),
    images = drawn([6, 1, 8, 8], 40, Float32Array);
  core.shifted(images, 6, 8, pixels, fill, { seed, step, number: 0 });
  assert.equal(digest(images), moved);
});

const camel = (options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(.)/, (_, c) => c.toUpperCase()), value]),
  );

test("initial weights are the book's, bit for bit", () => {
  for (const { options, seed, values } of of("weights")) {
    const { parameters } = core.smallCnn(Float32Array, camel(options)).initialise(seed);
    assert.equal(digest(Float32Array.from(parameters.flatMap(({ value }) => [...value]))), values);
  }
});

test("sixty steps of training are torch's: to 1e-9 in float64, to 1e-3 in float32", () => {
  const runs = of("training"),
    single = runs.filter(({ kind }) => kind === "Float32Array"),
    double = runs.filter(({ kind }) => kind === "Float64Array");
  assert.notEqual(core.fastNumbers(), Float32Array);
  for (const run of [...double, single[0], ...single.map((one) => ({ ...one, kind: "fast" }))]) {
    const { kind, options, optimizer, seed, examples, batch, losses, norm } = run,
      Real = { Float64Array, Float32Array, fast: core.fastNumbers() }[kind],
      network = core.smallCnn(Real, camel(options)).initialise(seed),
      steps = new core.Optimizer(network.parameters, optimizer.name),
      images = drawn([examples, 784], 50),
      order = new core.Order(examples, seed),
      what = `${kind} ${JSON.stringify(options)} ${optimizer.name}`;
    const found = losses.map((_, step) => {
      const rows = [...Array(batch).keys()].map((at) => order.example(step * batch + at)),
        x = new Float64Array(batch * 784);
      rows.forEach((row, at) => x.set(images.subarray(row * 784, (row + 1) * 784), at * 784));
      const loss = network.losses(
        x,
        rows.map((row) => (row * 3) % 10),
        batch,
        { step },
      );
      const share = core.rate(optimizer, step, losses.length);
      steps.step({ ...optimizer, lr: optimizer.lr * share });
      return loss;
    });
    const within = Real === Float64Array ? 1e-9 : 1e-3;
    near(found, losses, what, within);
    const squares = network.parameters.flatMap(({ value }) => [...value].map((one) => one ** 2));
    near([Math.sqrt(squares.reduce((sum, one) => sum + one, 0))], [norm], what, within);
  }
});

const BRANCHES = { "cannot tell": "cannotTell", "wrong data": "data" },
  SURE = { "fairly sure": "fairly" };

test("a run is diagnosed as the command does", () => {
  const cases = of("diagnosis"),
    kinds = new Set(cases.map(({ branch }) => branch));
  assert.ok(kinds.size >= 6, [...kinds].join());
  for (const { curves, branch, sure } of cases) {
    const [train, val, accuracy] = curves.map((one) => one.map(([step, value]) => [step, value ?? NaN])),
      found = core.diagnose(train, val, accuracy, 10),
      what = JSON.stringify(curves);
    assert.equal(found.branch, BRANCHES[branch] ?? branch, what);
    assert.equal(found.sure, SURE[sure] ?? sure, what);
  }
});

test("a network that died is counted: units that answer nothing", () => {
  const network = core.smallCnn(Float32Array).initialise(0),
    images = drawn([9, 784], 50, Float32Array),
    labels = [...Array(9).keys()];
  assert.ok(network.measure(images, labels).dead < 44);
  network.parameters[5].value.fill(-1e6); // the hidden layer's bias
  const { dead, units, accuracy, answers } = network.measure(images, labels);
  assert.equal(units, 8 + 16 + 64);
  assert.ok(dead >= 64);
  assert.equal(new Set(answers.map(({ answer }) => answer)).size, 1);
  assert.ok(accuracy <= 1 / 9 + 1e-9);
});
