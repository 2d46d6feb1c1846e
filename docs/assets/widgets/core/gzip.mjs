/** What gzip holds. */
export const unzipped = (/** @type {ArrayBuffer} */ sent) =>
  new Response(new Blob([sent]).stream().pipeThrough(new DecompressionStream("gzip")));
