// Formulas from the standard input to the standard output, as JSON: [[display, TeX], …] becomes, one for one,
// { html } or, where KaTeX can't read the TeX, { error }. hooks/maths.py runs this.
const { readFileSync } = require("node:fs");
const katex = require("./vendor/katex/katex.min.js");

// Elements that no reader of the book needs: the TeX beside the MathML, with what holds the two together, and in what
// stands below the line an empty span, which Chrome wants where text is edited.
const SPARE = /<\/?semantics>|<annotation .*?<\/annotation>|(?<=<span class="vlist" style="[^"]*">)<span><\/span>/gs;

function rendered([displayMode, tex]) {
  try {
    return { html: katex.renderToString(tex, { displayMode, strict: "error" }).replace(SPARE, "") };
  } catch (error) {
    return { error: error.message };
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(rendered)));
