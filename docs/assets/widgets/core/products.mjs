// Products of matrices, which is where a network spends its time. No DOM.

/** @typedef {Float32Array | Float64Array} Numbers */

/**
 * c[i, j] = (or += with `add`) the sum over p of a[i, p] · b[p, j], where each of the three lies at an offset with
 * strides of its own, so that one routine serves a matrix and its transpose. Four rows and two columns at a time: their
 * sums stay in registers.
 * @param {Numbers} c @param {number} c0 @param {number} ci the stride of i; that of j is 1
 * @param {Numbers} a @param {number} a0 @param {number} ai @param {number} ap
 * @param {Numbers} b @param {number} b0 @param {number} bp @param {number} bj
 * @param {number} m @param {number} n @param {number} k @param {boolean} add
 */
export function multiply(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, m, n, k, add) {
  const m4 = m - (m % 4),
    n2 = n - (n % 2);
  for (let i = 0; i < m4; i += 4) {
    for (let j = 0; j < n2; j += 2) {
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
        const b_0 = b[q0],
          b_1 = b[q1];
        let x = a[p0];
        s00 += x * b_0;
        s01 += x * b_1;
        x = a[p1];
        s10 += x * b_0;
        s11 += x * b_1;
        x = a[p2];
        s20 += x * b_0;
        s21 += x * b_1;
        x = a[p3];
        s30 += x * b_0;
        s31 += x * b_1;
        p0 += ap;
        p1 += ap;
        p2 += ap;
        p3 += ap;
        q0 += bp;
        q1 += bp;
      }
      const at = c0 + i * ci + j;
      if (add) {
        c[at] += s00;
        c[at + 1] += s01;
        c[at + ci] += s10;
        c[at + ci + 1] += s11;
        c[at + 2 * ci] += s20;
        c[at + 2 * ci + 1] += s21;
        c[at + 3 * ci] += s30;
        c[at + 3 * ci + 1] += s31;
      } else {
        c[at] = s00;
        c[at + 1] = s01;
        c[at + ci] = s10;
        c[at + ci + 1] = s11;
        c[at + 2 * ci] = s20;
        c[at + 2 * ci + 1] = s21;
        c[at + 3 * ci] = s30;
        c[at + 3 * ci + 1] = s31;
      }
    }
    if (n2 < n) rest(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, i, i + 4, n2, n, k, add);
  }
  if (m4 < m) rest(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, m4, m, 0, n, k, add);
}

/** What is left at the edges, one by one. */
function rest(c, c0, ci, a, a0, ai, ap, b, b0, bp, bj, i0, i1, j0, j1, k, add) {
  for (let i = i0; i < i1; i += 1)
    for (let j = j0; j < j1; j += 1) {
      let sum = 0;
      for (let p = 0, at = a0 + i * ai, to = b0 + j * bj; p < k; p += 1, at += ap, to += bp) sum += a[at] * b[to];
      const place = c0 + i * ci + j;
      c[place] = add ? c[place] + sum : sum;
    }
}
