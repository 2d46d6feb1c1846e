// The search, in the place of the theme's own worker, whose messages it speaks (Material for MkDocs 9): 0 comes first
// and is answered by 1; 2 asks, and 3 answers. The book's text is fetched when there is something to look for.
"use strict";
const SETUP = 0,
  READY = 1,
  QUERY = 2,
  RESULT = 3;
let asked = 0;
let ready;

async function book() {
  const answer = await fetch(new URL("../../search/sections.json", self.location));
  if (!answer.ok) throw new Error(`${answer.status}: ${answer.url}`);
  const [{ Index }, { results }, sections] = await Promise.all([
    import("./index.mjs"),
    import("./results.mjs"),
    answer.json(),
  ]);
  const index = new Index(sections);
  return (text) => results(index, text);
}

// What could not be fetched is asked for again at the next key.
function found() {
  if (!ready) (ready = book()).catch(() => (ready = undefined));
  return ready;
}

self.addEventListener("message", async ({ data: { type, data } }) => {
  if (type === SETUP) return self.postMessage({ type: READY });
  if (type !== QUERY) return;
  const mine = ++asked;
  const items = data.trim() ? (await found())(data) : [];
  if (mine === asked) self.postMessage({ type: RESULT, data: { items } }); // else the reader has typed on
});
