// What the reader has read, answered, checked and ticked: kept in this browser alone, under one key. Where storage is
// closed, as in some private windows, it is known until the page is left, and nothing else is different.

const KEY = "cnnbook.path.1";
const KINDS = ["read", "answered", "checked", "ticked"];
const NAME = /^[\w./#-]{1,120}$/;
const VALUES = [true, "first", "later"];
const root = new URL("../../", import.meta.url).pathname; // of the language's site; its pages have one name in both

let held = sound({});

/** What is of the book in what was found, by kind: name → true, of a question "first" or "later". */
export function sound(found) {
  const fits = ([name, value]) => NAME.test(name) && VALUES.includes(value);
  return Object.fromEntries(
    KINDS.map((kind) => [kind, Object.fromEntries(Object.entries(found?.[kind] ?? {}).filter(fits))]),
  );
}

/** All of it, as it is now: another window may have added something. */
export function known() {
  try {
    held = sound(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    // closed, or not ours: what this page knows
  }
  return held;
}

/** Whether the browser keeps it. */
export function keep(all) {
  held = all;
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    return !window.bookKeepsNothing; // theme/partials/opening.html
  } catch {
    return false;
  } finally {
    dispatchEvent(new Event("book-path"));
  }
}

/** Add one thing; what was right the first time stays so. Whether it is kept. */
export function learn(kind, name, value = true) {
  const all = known();
  if (all[kind][name] !== "first") all[kind][name] = value;
  return keep(all);
}

export function forget(kind, name) {
  const all = known();
  delete all[kind][name];
  return keep(all);
}

/** The page of an address: convolution/transposed/. */
export const pageOf = (address) => {
  const { pathname, origin } = new URL(address, location.href);
  return origin === location.origin && pathname.startsWith(root) ? pathname.slice(root.length) : "";
};

/** The digits at the end of a line of `cnnbook check`: the CRC-32 of the name, modulo ten thousand. */
export function digits(name) {
  let rest = ~0;
  for (const byte of new TextEncoder().encode(name)) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return String((~rest >>> 0) % 10000).padStart(4, "0");
}

// A page is read when its end comes into view. (What is no page, as an address that leads nowhere, is not in the menu.)
let watch;
export function follow(body) {
  watch?.disconnect();
  const text = body.querySelector(".md-content__inner"),
    name = pageOf(location.href);
  if (!text || !name || !body.querySelector(".md-nav__link--active")) return;
  const end = document.createElement("div");
  text.append(end);
  watch = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watch.disconnect();
    learn("read", name);
  });
  watch.observe(end);
}
