// Formulas from the standard input to the standard output, as JSON: [[display, TeX], …] becomes, one for one,
// { html } or, where KaTeX can't read the TeX, { error }. hooks/maths.py runs this.
const { readFileSync } = require("node:fs");
const katex = require("./vendor/katex/katex.min.js");

function rendered([displayMode, tex]) {
  try {
    return { html: katex.renderToString(tex, { displayMode, strict: "error" }) };
  } catch (error) {
    return { error: error.message };
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(rendered)));
