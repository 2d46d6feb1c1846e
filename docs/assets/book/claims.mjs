// The filter of the claims page: by verdict, section and words, kept in the address. Without it the whole list shows.

class BookFilter extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const { verdict, section, words } = form.elements;
    this.fields = { verdict: [...verdict], section, words };
    form.querySelector("fieldset").disabled = false;
    for (const field of [section, words]) field.closest("label").hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.changed());
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
    const { verdict, section, words } = this.fields;
    return { verdict: verdict.find((box) => box.checked).value, section: section.value, words: words.value.trim() };
  }

  // From the address; a value that is no choice means all.
  read() {
    const asked = new URLSearchParams(location.search);
    const { verdict, section, words } = this.fields;
    (verdict.find((box) => box.value === asked.get("verdict")) ?? verdict[0]).checked = true;
    const known = [...section.options].some((option) => option.value === asked.get("section"));
    section.value = known ? asked.get("section") : "";
    words.value = asked.get("words") ?? "";
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
    const { verdict, section, words } = this.state;
    const asked = words.toLowerCase().split(/\s+/);
    let shown = 0,
      all = 0;
    for (const list of document.querySelectorAll(".book-rows")) {
      const { topic } = list.dataset;
      const heading = document.querySelector(`.book-claims[data-topic="${topic}"]`);
      let here = 0;
      for (const row of list.children) {
        const says = [...row.children].filter((part) => !part.matches(".book-claim")); // the card that may be open
        const text = [row.id, ...says.map((part) => part.textContent)].join(" ").toLowerCase();
        const fits = asked.every((word) => text.includes(word));
        row.hidden = !(fits && (!verdict || row.dataset.verdict === verdict) && (!section || topic === section));
        here += !row.hidden;
        all += 1;
      }
      list.hidden = heading.hidden = !here;
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
    if (!target || !target.closest(".book-rows > [hidden], .book-claims[hidden]")) return;
    this.fields.verdict[0].checked = true;
    this.fields.section.value = this.fields.words.value = "";
    this.changed();
    target.scrollIntoView();
  }
}
customElements.define("book-filter", BookFilter);
