// Products of float32 matrices, four numbers at a time, in WebAssembly: two routines of some forty instructions, which
// are assembled here. Their numbers live in its memory; where a browser has no such instructions, nothing of this is
// used. No DOM.

const MEMORY = 64, // MiB, of which a system gives what is touched
  PAGE = 65536;

const [I32, V128] = [0x7f, 0x7b];
const signed = (/** @type {number} */ value) => {
  const bytes = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(low & 0x40)) || (value === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
};
const whole = (/** @type {number} */ value) => {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
};
const sized = (/** @type {number[]} */ bytes) => [...whole(bytes.length), ...bytes];
/** @param {number[][]} parts */
const list = (...parts) => [...whole(parts.length), ...parts.flat()];
const section = (/** @type {number} */ id, /** @type {number[]} */ bytes) => [id, ...sized(bytes)];

const get = (/** @type {number} */ local) => [0x20, local],
  set = (/** @type {number} */ local, /** @type {number[]} */ value) => [...value, 0x21, local],
  constant = (/** @type {number} */ value) => [0x41, ...signed(value)],
  plus = (/** @type {number[]} */ one, /** @type {number[]} */ other) => [...one, ...other, 0x6a],
  move = (/** @type {number} */ local, /** @type {number[]} */ by) => set(local, plus(get(local), by)),
  load = (/** @type {number[]} */ at, offset = 0) => [...at, 0xfd, 0x00, 2, offset],
  splat = (/** @type {number[]} */ at) => [...at, 0xfd, 0x09, 2, 0],
  store = (/** @type {number[]} */ at, /** @type {number[]} */ value, offset = 0) => [
    ...at,
    ...value,
    0xfd,
    0x0b,
    2,
    offset,
  ],
  sum = (/** @type {number[]} */ one, /** @type {number[]} */ other) => [...one, ...other, 0xfd, 0xe4, 0x01],
  product = (/** @type {number[]} */ one, /** @type {number[]} */ other) => [...one, ...other, 0xfd, 0xe6, 0x01],
  lane = (/** @type {number[]} */ value, /** @type {number} */ at) => [...value, 0xfd, 0x1f, at],
  /** Again and again, as long as the local, one less each time, is above zero. */
  loop = (/** @type {number} */ local, /** @type {number[][]} */ body) => [
    ...[0x03, 0x40],
    ...body.flat(),
    ...set(local, plus(get(local), constant(-1))),
    ...get(local),
    ...[0x0d, 0, 0x0b],
  ];
const ROWS = [0, 1, 2, 3],
  HALVES = [0, 1];

/** A row's place: base + row · stride, where twice and three times the stride are locals as well. */
const row = (/** @type {number} */ base, /** @type {number} */ at, /** @type {number[]} */ strides) =>
  at ? plus(get(base), get(strides[at - 1])) : get(base);

const OWN = "p pa pb ci2 ci3 ai2 ai3 x y s t0 t1 t2 t3 t4 t5 t6 t7"; // seven whole numbers, eleven quadruples

/** What both have: four rows of sums, of two each; and twice and three times the strides of rows. */
function begun(/** @type {string} */ given) {
  const names = given.split(" "),
    l = Object.fromEntries([...names, ...OWN.split(" ")].map((name, at) => [name, at]));
  return {
    l,
    given: names.length,
    head: [
      ...set(l.ci2, plus(get(l.ci), get(l.ci))),
      ...set(l.ci3, plus(get(l.ci2), get(l.ci))),
      ...set(l.ai2, plus(get(l.ai), get(l.ai))),
      ...set(l.ai3, plus(get(l.ai2), get(l.ai))),
    ],
    cs: [l.ci, l.ci2, l.ci3],
    as: [l.ai, l.ai2, l.ai3],
    t: (/** @type {number} */ r, /** @type {number} */ half) => l.t0 + 2 * r + half,
  };
}

/**
 * c += a · b over four rows and eight columns at a time, rows of b in one piece:
 * spread(c, ci, a, ai, ap, b, bp, tiles, k), all in bytes but the last two.
 */
function spread() {
  const { l, given, head, cs, as, t } = begun("c ci a ai ap b bp tiles k");
  const inner = loop(l.p, [
    set(l.x, load(get(l.pb))),
    set(l.y, load(get(l.pb), 16)),
    ...ROWS.flatMap((r) => [
      set(l.s, splat(row(l.pa, r, as))),
      set(t(r, 0), sum(get(t(r, 0)), product(get(l.s), get(l.x)))),
      set(t(r, 1), sum(get(t(r, 1)), product(get(l.s), get(l.y)))),
    ]),
    move(l.pa, get(l.ap)),
    move(l.pb, get(l.bp)),
  ]);
  const outer = loop(l.tiles, [
    ...ROWS.flatMap((r) => HALVES.map((half) => set(t(r, half), load(row(l.c, r, cs), 16 * half)))),
    set(l.pa, get(l.a)),
    set(l.pb, get(l.b)),
    set(l.p, get(l.k)),
    inner,
    ...ROWS.flatMap((r) => HALVES.map((half) => store(row(l.c, r, cs), get(t(r, half)), 16 * half))),
    move(l.c, constant(32)),
    move(l.b, constant(32)),
  ]);
  return { given, body: [...head, ...outer] };
}

/**
 * c += a · bᵀ over four rows and two columns at a time, rows of both in one piece, of which four numbers at a time:
 * dots(c, ci, a, ai, b, bj, tiles, k), k in fours.
 */
function dots() {
  const { l, given, head, cs, as, t } = begun("c ci a ai b bj tiles k");
  const across = (/** @type {number} */ local) =>
    [1, 2, 3].reduce((code, at) => [...code, ...lane(get(local), at), 0x92], lane(get(local), 0));
  const added = (/** @type {number} */ r, /** @type {number} */ half) => [
    ...row(l.c, r, cs),
    ...[...row(l.c, r, cs), 0x2a, 2, 4 * half],
    ...across(t(r, half)),
    ...[0x92, 0x38, 2, 4 * half],
  ];
  const nothing = [0xfd, 0x0c, ...Array(16).fill(0)];
  const inner = loop(l.p, [
    set(l.x, load(get(l.pb))),
    set(l.y, load(plus(get(l.pb), get(l.bj)))),
    ...ROWS.flatMap((r) => [
      set(l.s, load(row(l.pa, r, as))),
      set(t(r, 0), sum(get(t(r, 0)), product(get(l.s), get(l.x)))),
      set(t(r, 1), sum(get(t(r, 1)), product(get(l.s), get(l.y)))),
    ]),
    move(l.pa, constant(16)),
    move(l.pb, constant(16)),
  ]);
  const outer = loop(l.tiles, [
    ...ROWS.flatMap((r) => HALVES.map((half) => set(t(r, half), nothing))),
    set(l.pa, get(l.a)),
    set(l.pb, get(l.b)),
    set(l.p, get(l.k)),
    inner,
    ...ROWS.flatMap((r) => HALVES.map((half) => added(r, half))),
    move(l.c, constant(8)),
    move(l.b, plus(get(l.bj), get(l.bj))),
  ]);
  return { given, body: [...head, ...outer] };
}

/** The two as a module. */
function assembled() {
  const routines = [spread(), dots()],
    text = (/** @type {string} */ word) => sized([...word].map((letter) => letter.charCodeAt(0)));
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(...routines.map(({ given }) => [0x60, given, ...Array(given).fill(I32), 0]))),
    ...section(2, list([...text("page"), ...text("memory"), 2, 0, ...whole((MEMORY * 1024 * 1024) / PAGE)])),
    ...section(3, list([0], [1])),
    ...section(7, list([...text("spread"), 0, 0], [...text("dots"), 0, 1])),
    ...section(10, list(...routines.map(({ body }) => sized([...list([7, I32], [11, V128]), ...body, 0x0b])))),
  ]);
}

/** @typedef {(...numbers: number[]) => void} Routine */

let room = /** @type {WebAssembly.Memory | null} */ (null),
  end = 0;
/** @type {{spread: Routine, dots: Routine} | null} */
let routines = null;

/** Whether numbers lie where the routines reach. */
export const within = (/** @type {ArrayBufferView[]} */ all) =>
  routines !== null && all.every(({ buffer }) => buffer === room.buffer);
export const kernels = () => routines;

/**
 * A kind of numbers, to be made by `new` like a Float32Array; all that were made before are given up. It is that of
 * JavaScript where there are no such instructions; and where the memory is full.
 * @returns {Float32ArrayConstructor}
 */
export function fastNumbers() {
  const code = assembled();
  if (!WebAssembly.validate(code)) return Float32Array;
  if (!routines) {
    room = new WebAssembly.Memory({ initial: (MEMORY * 1024 * 1024) / PAGE });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { page: { memory: room } });
    routines = /** @type {any} */ (exports);
  }
  new Uint8Array(room.buffer, 0, end).fill(0);
  end = 0;
  return /** @type {any} */ (
    class {
      constructor(/** @type {number} */ count) {
        const start = end,
          next = start + 16 * Math.ceil(count / 4);
        if (next > room.buffer.byteLength) return new Float32Array(count);
        end = next;
        return new Float32Array(room.buffer, start, count);
      }
    }
  );
}
