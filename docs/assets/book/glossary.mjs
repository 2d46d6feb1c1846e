// The filter of the glossary: terms whose names or definition have what is typed. Until it runs its place is kept;
// without scripts there is none, and the whole list shows.

class BookGlossaryFilter extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    this.field = form.querySelector("input");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.show());
    this.reveal = () => this.showTarget();
    window.addEventListener("hashchange", this.reveal);
    this.show();
  }

  disconnectedCallback() {
    window.removeEventListener("hashchange", this.reveal);
    clearTimeout(this.timer);
  }

  show() {
    const wanted = this.field.value.trim().toLowerCase();
    const all = document.querySelectorAll(".book-glossary dt");
    let shown = 0;
    for (const term of all) {
      const meaning = term.nextElementSibling;
      const fits = `${term.textContent} ${meaning.textContent}`.toLowerCase().includes(wanted);
      term.hidden = meaning.hidden = !fits;
      shown += fits;
    }
    this.querySelector(".book-filter__none").hidden = shown > 0;
    const text = this.dataset.shown.replace("{}", shown).replace("{}", all.length);
    clearTimeout(this.timer); // once typing rests, so that a screen reader hears one count
    this.timer = setTimeout(() => (this.querySelector("output").textContent = text), 400);
  }

  // A link to a term that the filter hides takes the filter away.
  showTarget() {
    const target = document.querySelector(".book-glossary dt[hidden]:target");
    if (!target) return;
    this.field.value = "";
    this.show();
    target.scrollIntoView();
  }
}
customElements.define("book-glossary-filter", BookGlossaryFilter);
