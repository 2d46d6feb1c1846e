// The convolutions of the figures against torch: the golden vectors, and the grid that test_cores.py makes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { load } from "./load.mjs";
import * as views from "./views.mjs";

const board = {};
for (const name of ["checkerboard", "measures", "shares"]) Object.assign(board, await load(`core/${name}.mjs`));
const core = { ...(await load("core/convolution.mjs")), ...views };

const golden = (name) => JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url)));
const positive = (x) => (Array.isArray(x) ? x.map(positive) : x + 0); // −0 is 0

/** Equal within ten digits. */
function near(found, expected, what) {
  if (Array.isArray(expected)) {
    assert.equal(found.length, expected.length, what);
    expected.forEach((one, at) => near(found[at], one, what));
  } else
    assert.ok(
      Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
      `${what}: ${found}, not ${expected}`,
    );
}

/** All views of one transposed convolution, and its size. */
function agrees({ input, weight, output, ...settings }) {
  const what = JSON.stringify(settings),
    size = typeof input[0][0] === "number" ? [input[0].length] : [input[0].length, input[0][0].length];
  assert.deepEqual(positive(core.scatter(input, weight, settings)), output, what);
  assert.deepEqual(positive(core.gather(input, weight, settings)), output, what);
  const matrix = core.convolutionMatrix(weight, size, settings),
    x = input.flat(2);
  const product = matrix[0].map((_, j) => matrix.reduce((sum, row, i) => sum + row[j] * x[i], 0));
  assert.deepEqual(positive(product), output.flat(2), what);
  assert.equal(
    core.refusal(
      size,
      size.length === 1 ? weight[0][0].length : [weight[0][0].length, weight[0][0][0].length],
      settings,
    ),
    null,
    what,
  );
}

test("transposed convolution, three views, equals torch on every golden case", () => {
  const cases = golden("transposed");
  assert.ok(cases.length >= 98);
  cases.forEach(agrees);
});

test("convolution and cross-correlation equal torch on every golden case", () => {
  const operations = { cross_correlate2d: core.crossCorrelate2d, convolve2d: core.convolve2d };
  for (const { op, input, weight, padding, output } of golden("standard"))
    assert.deepEqual(positive(operations[op](input, weight, padding)), output, `${op} ${padding}`);
});

const checks = {
  size({ size, kernel_size, output, refused, ...settings }) {
    assert.equal(core.refusal(size, kernel_size, settings), refused ?? null);
    const at = (value, axis) => (Array.isArray(value) ? value[axis] : value);
    size.forEach(
      (n, axis) =>
        output &&
        assert.equal(
          core.outputSize(
            n,
            kernel_size,
            Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, at(value, axis)])),
          ),
          output[axis],
        ),
    );
  },
  overlap: ({ size, kernel_size, stride, dilation, output }) =>
    assert.deepEqual(core.overlapCount(size, kernel_size, stride, dilation), output),
  phase_sums({ weight, stride, dilation, output, balanced }) {
    assert.deepEqual(positive(board.phaseSums(weight, stride, dilation)), output);
    assert.equal(views.isBalanced(weight, stride, dilation), balanced);
  },
  balance_phases({ weight, stride, dilation, order, output }) {
    const nearest = board.balancePhases(weight, stride, dilation, order);
    near(nearest, output, `balance_phases ${stride} ${order}`);
    assert.ok(views.isBalanced(nearest, stride, dilation));
  },
  phase_moments({ weight, stride, output }) {
    const flat = !Array.isArray(weight[0]),
      moments = board.phaseMoments(flat ? [weight] : weight, flat ? [1, stride] : stride);
    assert.deepEqual(positive(flat ? moments[0] : moments), output);
  },
  stacked({ weight, stride, layers, output }) {
    const flat = !Array.isArray(weight[0]),
      kernel = board.stacked(flat ? [weight] : weight, stride, layers);
    assert.deepEqual(positive(flat ? kernel[0] : kernel), output);
  },
  tent({ axes, k, stride, output }) {
    near(axes === 1 ? board.tent(k, stride)[0] : board.tent(k, stride, 2), output, "tent");
  },
  pixel_shuffle: ({ input, r, output }) => assert.deepEqual(board.pixelShuffle(input, r), output),
  nearest: ({ input, scale, output }) => assert.deepEqual(board.nearest(input, scale), output),
  bilinear: ({ input, scale, output }) => near(board.bilinear(input, scale), output, "bilinear"),
  phase_share: ({ input, stride, output }) => near(board.phaseShare(input, stride), output, "phase_share"),
  local_phase_share: ({ input, stride, tile, output }) =>
    near(board.localPhaseShare(input, stride, tile), output, `local_phase_share ${tile}`),
  lattice_spectrum: ({ input, stride, output }) =>
    near(views.latticeSpectrum(input, stride), output, "lattice_spectrum"),
  power_spectrum: ({ input, axis, output }) => near(board.powerSpectrum(input, axis), output, "power_spectrum"),
};

test("sizes, refusals and the checkerboard equal torch on every golden case", () => {
  const cases = golden("checkerboard");
  for (const { op, ...one } of cases) checks[op](one);
  assert.deepEqual([...new Set(cases.map(({ op }) => op))].sort(), Object.keys(checks).sort());
});

test("a phase without a tap can't be balanced, and a constant image has no lattice", () => {
  assert.equal(board.balancePhases([1, 2, 3, 4], 2, 2), null);
  assert.equal(board.balancePhases([1, 2], 3), null);
  for (const [k, s] of [
    [2, 2],
    [4, 3],
    [6, 4],
  ])
    assert.equal(board.balancePhases(Array(k).fill(1), s, 1, 2), null); // a ramp asks for 2 (s − 1) + 1 taps
  const five = Array(4).fill(Array(4).fill(5));
  assert.deepEqual([board.phaseShare(five, 2), board.localPhaseShare(five, 2, 4)], [0, 0]);
  assert.deepEqual(core.collidingSizes(4, 3, { stride: 2, padding: 1 }), [7, 8]);
  assert.deepEqual(core.collidingSizes(1, 1, { stride: 2, padding: 2 }), []);
});

test("a drawn kernel is the same for the same seed, whole, and within its ends", () => {
  const first = board.drawn(7, 400);
  assert.deepEqual(board.drawn(7, 400), first);
  assert.notDeepEqual(board.drawn(8, 400), first);
  assert.deepEqual([Math.min(...first), Math.max(...first), new Set(first).size], [-9, 9, 19]);
});

test("what the input is spread to has the pixels where the kernel finds them", () => {
  assert.deepEqual(core.spread([[1, 2]], [2], { stride: 3 }), [[0, 1, 0, 0, 2, 0]]);
  assert.deepEqual(core.spread([[1, 2]], [1], { stride: 3, padding: 1 }), [[0, 0]]); // padding takes both pixels
  assert.deepEqual(core.reaching(2, 4, { stride: 3 })[3], [
    [0, 3],
    [1, 0],
  ]);
});

const grid = process.env.CNNBOOK_GRID; // test_cores.py writes it
test("every setting of the grid is computed, or refused in torch's words, as torch does", { skip: !grid }, () => {
  const cases = JSON.parse(readFileSync(grid));
  assert.ok(cases.length > 1000);
  for (const one of cases) {
    if (!one.refused) {
      agrees(one);
      continue;
    }
    const { size, kernel_size, refused, ...settings } = one;
    assert.equal(core.refusal(size, kernel_size, settings), refused, JSON.stringify(one));
  }
  assert.ok(cases.filter(({ refused }) => refused).length > 100);
});
