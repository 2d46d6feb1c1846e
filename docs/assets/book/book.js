// The link to the other language, and the place that an address names. Runs on each page, also when the theme swaps
// pages without a reload.
// ("use strict" inside a function: a top-level const would break on the second visit.)
(function () {
  "use strict";
  const other = { zh: "en", en: "zh" };

  function language() {
    return document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  }

  // What the address names by its fragment, or nothing; a reader may type any, "#%" too, which stands for no letter.
  window.bookTarget = (hash = location.hash) => {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch (error) {
      if (error instanceof URIError) return null;
      throw error;
    }
  };

  // What is of many elements waits in a <noscript>: cards, formulas that are folded or far. That is one text
  // where scripts run, and elements where the theme has swapped the page in.
  window.bookUnfold = (box) => {
    for (const held of box.querySelectorAll("noscript")) {
      const text = () => document.createRange().createContextualFragment(held.textContent);
      held.replaceWith(...(held.firstElementChild ? held.childNodes : [text()]));
    }
  };
  document.addEventListener("click", ({ target }) => {
    const box = target.closest?.("summary")?.parentElement;
    if (box) window.bookUnfold(box); // before it opens
  });
  addEventListener("beforeprint", () => window.bookUnfold(document)); // paper has all formulas

  // Paper is light. Style sheets know that by themselves (book.css), canvases are drawn in the colours of now.
  let scheme = "";
  addEventListener("beforeprint", () => {
    scheme = document.body.dataset.mdColorScheme;
    document.body.dataset.mdColorScheme = "default";
  });
  addEventListener("afterprint", () => {
    document.body.dataset.mdColorScheme = scheme;
  });

  // The switch leads to the same page, at the section and with the figures' state that the address names now.
  function pointSwitch() {
    const link = document.querySelector(".book-language");
    if (!link) return;
    const here = language();
    const [before, after] = location.pathname.split(new RegExp(`/${here}/(.*)`, "s"));
    link.href = `${before}/${other[here]}/${after ?? ""}${location.search}${location.hash}`;
  }

  document.addEventListener("pointerdown", pointSwitch, true);
  document.addEventListener("focusin", pointSwitch, true);
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element && event.target.closest(".book-language");
      if (!link) return;
      pointSwitch();
      try {
        localStorage.setItem("cnnbook.language", other[language()]);
      } catch {
        /* storage may be closed */
      }
    },
    true,
  );

  // Interactive figures are fetched when a reader comes near: a screen away. Until then a drawing stands there. So are
  // formulas made that are far.
  const here = document.currentScript.src;
  const home = new URL("../widgets/", here);
  const figures = [
    ...["curve-explorer", "standard-widget", "transposed-widget", "checkerboard-widget", "training-widget"],
    ...["upsampling-widget", "ask-image", "ask-text", "ask-speech"],
  ];
  const near = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        if (target.localName === "div") {
          window.bookUnfold(target);
          reach();
        } else {
          // What did not come is asked for again: a reader may have been offline for a moment.
          const again = () => setTimeout(() => near.observe(target), 2000);
          import(new URL(`${target.localName}.mjs`, home)).catch(again);
        }
      }
    },
    { rootMargin: "100% 0px" },
  );

  // By keyboard a figure is a hundred links away: beside the theme's link to the text is one to each.
  function skips(body) {
    const first = document.querySelector(".md-skip");
    if (!first || first.nextElementSibling) return;
    for (const figure of [...body.querySelectorAll(figures.join())].reverse()) {
      const box = figure.closest("figure[id]");
      if (!box) continue;
      const link = document.createElement("a");
      link.className = "md-skip";
      link.href = `#${box.id}`;
      link.textContent = `${language() === "zh" ? "跳到" : "Skip to"} ${box.querySelector("figcaption b").textContent}`;
      first.after(link);
    }
  }

  // So are, by the pages that have one, filters, questions and the reader's path.
  const own = {
    "book-question": "questions",
    "book-path": "path-pages",
    "book-filter": "claims",
    "book-glossary-filter": "glossary",
  };

  // What a result of the search was asked for, where one leads to this page, also where it is there already.
  function markAsked({ search, hash }) {
    const asked = new URLSearchParams(search).get("h");
    if (!asked) return;
    const text = document.querySelector(".md-content");
    import(new URL("../search/marks.mjs", home)).then(({ mark }) =>
      mark(text, asked.split(","), window.bookTarget(hash)),
    );
  }
  const result = ({ target }) => {
    const link = target.closest?.(".md-search-result__link");
    if (link?.pathname === location.pathname) markAsked(link);
  };
  document.addEventListener("click", result, true); // before the theme changes the address

  // The theme's search listens to keys alone; what a menu pastes, or a voice says, comes without one.
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.(".md-search__input")) target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  });

  window.document$.subscribe(({ body }) => {
    pointSwitch();
    skips(body);
    const far = "div.arithmatex:has(> noscript):not(details *)";
    for (const one of body.querySelectorAll([far, ...figures].join())) near.observe(one);
    for (const name in own) if (body.querySelector(name)) import(new URL(`${own[name]}.mjs`, here));
    import(new URL("path.mjs", here)).then(({ follow }) => follow(body));
    markAsked(location);
    // The theme says the colour of the scheme that is chosen; those of the system's schemes would come first.
    for (const colour of document.querySelectorAll('meta[name="theme-color"][media]')) colour.remove();
    // The theme's search is a dialog without a name.
    document.querySelector(".md-search")?.setAttribute("aria-label", language() === "zh" ? "搜索" : "Search");
    // The theme wraps tables after this, and phones are turned: look when all is laid out, and again after a change.
    requestAnimationFrame(() => requestAnimationFrame(reach));
  });

  // Long formulas, tables and outputs scroll in themselves; the keyboard must reach them. What is folded is left: to
  // ask for its width would lay it out.
  function reach() {
    for (const box of document.querySelectorAll(
      ".md-typeset .katex-display, .md-typeset__scrollwrap, .md-typeset__table, " +
        ".book-figure__scroll, .md-typeset pre > code",
    )) {
      if (box.checkVisibility() && box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  }
  addEventListener("resize", reach);
  document.fonts.addEventListener("loadingdone", reach); // a formula grows when its fonts arrive, which may be late
  const unfolded = ({ target }) => {
    if (target.open) window.bookUnfold(target); // a browser opens what it finds in, the theme what an address names
    reach(); // what was folded had no width
  };
  document.addEventListener("toggle", unfolded, true);
})();
