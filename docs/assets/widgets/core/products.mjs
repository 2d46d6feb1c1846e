// Products of matrices, which is where a network spends its time. No DOM.

import { kernels, within } from "./simd.mjs";

/** @typedef {Float32Array | Float64Array} Numbers */

/**
 * c[i, j] += the sum over p of a[i, p] · b[p, j], where each of the three lies at an offset with strides of its own, so
 * that one routine serves a matrix and its transpose.
 * @param {Numbers} c @param {number} c0 @param {number} ci the stride of i; that of j is 1
 * @param {Numbers} a @param {number} a0 @param {number} ai @param {number} ap
 * @param {Numbers} b @param {number} b0 @param {number} bp @param {number} bj
 * @param {number} m @param {number} n @param {number} k
 */
export function multiply(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, m, n, k) {
  const m4 = m - (m % 4),
    fast = m4 > 0 && within([c, a, b]);
  let done = 0; // columns, of the first m4 rows
  if (fast && bj === 1 && n >= 8) {
    done = n - (n % 8);
    for (let i = 0; i < m4; i += 4)
      kernels().spread(
        c.byteOffset + 4 * (c0 + i * ci),
        4 * ci,
        a.byteOffset + 4 * (a0 + i * ai),
        4 * ai,
        4 * ap,
        b.byteOffset + 4 * b0,
        4 * bp,
        done / 8,
        k,
      );
  } else if (fast && ap === 1 && bp === 1 && n >= 2 && k >= 4) {
    done = n - (n % 2);
    const k4 = k - (k % 4);
    for (let i = 0; i < m4; i += 4)
      kernels().dots(
        c.byteOffset + 4 * (c0 + i * ci),
        4 * ci,
        a.byteOffset + 4 * (a0 + i * ai),
        4 * ai,
        b.byteOffset + 4 * b0,
        4 * bj,
        done / 2,
        k4 / 4,
      );
    if (k4 < k) plain(c, c0, ci, a, a0 + k4, ai, 1, b, b0 + k4, 1, bj, 0, m4, 0, done, k - k4);
  }
  if (done < n) blocks(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, m4, done, n, k);
  if (m4 === m) return;
  if (bj === 1 && bp > 1) along(c, c0, ci, a, a0, ai, ap, b, b0, bp, m4, m, n, k);
  else plain(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, m4, m, 0, n, k);
}

/** Rows that are no four, of a b whose rows lie in one piece: four of those at a time, from one end to the other. */
function along(c, c0, ci, a, a0, ai, ap, b, b0, bp, i0, i1, n, k) {
  const k4 = k - (k % 4);
  for (let i = i0; i < i1; i += 1) {
    const to = c0 + i * ci;
    for (let p = 0; p < k4; p += 4) {
      const at = a0 + i * ai + p * ap,
        from = b0 + p * bp;
      const [x0, x1, x2, x3] = [a[at], a[at + ap], a[at + 2 * ap], a[at + 3 * ap]];
      for (let j = 0, q = from; j < n; j += 1, q += 1)
        c[to + j] += x0 * b[q] + x1 * b[q + bp] + x2 * b[q + 2 * bp] + x3 * b[q + 3 * bp];
    }
    for (let p = k4; p < k; p += 1) {
      const x = a[a0 + i * ai + p * ap];
      for (let j = 0, q = b0 + p * bp; j < n; j += 1, q += 1) c[to + j] += x * b[q];
    }
  }
}

/** In JavaScript, four rows and two columns at a time: their sums stay in registers. */
function blocks(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, m4, j0, n, k) {
  const n2 = n - ((n - j0) % 2);
  for (let i = 0; i < m4; i += 4)
    for (let j = j0; j < n2; j += 2) {
      let s00 = 0,
        s01 = 0,
        s10 = 0,
        s11 = 0,
        s20 = 0,
        s21 = 0,
        s30 = 0,
        s31 = 0;
      let p0 = a0 + i * ai,
        p1 = p0 + ai,
        p2 = p1 + ai,
        p3 = p2 + ai,
        q0 = b0 + j * bj,
        q1 = q0 + bj;
      for (let p = 0; p < k; p += 1) {
        const left = b[q0],
          right = b[q1];
        let x = a[p0];
        s00 += x * left;
        s01 += x * right;
        x = a[p1];
        s10 += x * left;
        s11 += x * right;
        x = a[p2];
        s20 += x * left;
        s21 += x * right;
        x = a[p3];
        s30 += x * left;
        s31 += x * right;
        p0 += ap;
        p1 += ap;
        p2 += ap;
        p3 += ap;
        q0 += bp;
        q1 += bp;
      }
      const at = c0 + i * ci + j;
      c[at] += s00;
      c[at + 1] += s01;
      c[at + ci] += s10;
      c[at + ci + 1] += s11;
      c[at + 2 * ci] += s20;
      c[at + 2 * ci + 1] += s21;
      c[at + 3 * ci] += s30;
      c[at + 3 * ci + 1] += s31;
    }
  if (n2 < n) plain(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, 0, m4, n2, n, k);
}

/** What is left at the edges, one by one. */
function plain(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, i0, i1, j0, j1, k) {
  for (let i = i0; i < i1; i += 1)
    for (let j = j0; j < j1; j += 1) {
      let sum = 0;
      for (let p = 0, at = a0 + i * ai, to = b0 + j * bj; p < k; p += 1, at += ap, to += bp) sum += a[at] * b[to];
      c[c0 + i * ci + j] += sum;
    }
}
