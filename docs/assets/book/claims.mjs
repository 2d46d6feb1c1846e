// The filter of the claims page: by verdict and by section, kept in the address. Without it the whole list shows.

class BookFilter extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    this.fields = { verdict: [...form.elements.verdict], section: form.elements.section };
    form.querySelector("fieldset").disabled = false;
    this.fields.section.closest("label").hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("reset", () => setTimeout(() => this.changed()));
    this.follow = () => this.read();
    this.reveal = () => this.showTarget();
    window.addEventListener("popstate", this.follow);
    window.addEventListener("hashchange", this.reveal);
    this.read();
  }

  disconnectedCallback() {
    window.removeEventListener("popstate", this.follow);
    window.removeEventListener("hashchange", this.reveal);
    clearTimeout(this.timer);
  }

  get state() {
    return { verdict: this.fields.verdict.find((box) => box.checked).value, section: this.fields.section.value };
  }

  // From the address; a value that is no choice means all.
  read() {
    const asked = new URLSearchParams(location.search);
    const { verdict, section } = this.fields;
    (verdict.find((box) => box.value === asked.get("verdict")) ?? verdict[0]).checked = true;
    const known = [...section.options].some((option) => option.value === asked.get("section"));
    section.value = known ? asked.get("section") : "";
    this.write();
    this.show();
    this.showTarget();
  }

  write() {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(this.state)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  changed() {
    this.write();
    this.show();
  }

  show() {
    const { verdict, section } = this.state;
    let shown = 0,
      all = 0;
    for (const heading of document.querySelectorAll(".book-claims")) {
      const { topic } = heading.dataset;
      let here = 0;
      for (const card of document.querySelectorAll(`.book-claim[data-topic="${topic}"]`)) {
        card.hidden = !((!verdict || card.dataset.verdict === verdict) && (!section || topic === section));
        here += !card.hidden;
        all += 1;
      }
      heading.hidden = !here;
      shown += here;
      for (const link of document.querySelectorAll(`.md-nav--secondary a[href$="#${heading.id}"]`)) {
        link.closest("li").hidden = !here;
      }
    }
    this.querySelector(".book-filter__none").hidden = shown > 0;
    this.say(this.dataset.shown, shown, all);
  }

  // Once the choice rests, so that a screen reader hears one count and not each on the way.
  say(words, ...numbers) {
    clearTimeout(this.timer);
    const text = numbers.reduce((sentence, number) => sentence.replace("{}", number), words);
    const output = this.querySelector("output");
    this.timer = setTimeout(() => {
      if (output.textContent !== text) output.textContent = text;
    }, 400);
  }

  // A link to a claim that the filter hides takes the filter away.
  showTarget() {
    const target = window.bookTarget();
    if (!target || !target.closest(".book-claim[hidden], .book-claims[hidden]")) return;
    this.fields.verdict[0].checked = true;
    this.fields.section.value = "";
    this.changed();
    target.scrollIntoView();
  }
}
customElements.define("book-filter", BookFilter);
