// The colours that the reader has chosen for the book, else the system's; before anything is painted.
(function () {
  "use strict";
  const base = new URL(document.currentScript.dataset.base, location.href);
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem(`${base.pathname}.__palette`));
  } catch {
    /* storage may be closed, or hold something else */
  }
  const scheme = chosen?.color?.media === "(prefers-color-scheme)" ? null : chosen?.color?.scheme;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    document.documentElement.dataset.mdColorScheme = scheme ?? (dark.matches ? "slate" : "default");
  };
  show();
  dark.addEventListener("change", show);
})();
