// A table that keeps only the rows in sight in the document, once it is long.

const LONG = 60; // from here on rows have one height and only those in sight exist
const WIDE_ROW = 37;
const NARROW_LINE = 24;
const narrow = matchMedia("(max-width: 640px)");

/**
 * columns: [{label, cell(row) -> node or text, sort(row)?, kind?: "num" | "wide" | "tight"}]
 * rows: numbers that the columns understand; change them with show().
 */
class Grid {
  constructor(host, label, columns, { tone = null, empty = "No rows.", limit = 460 } = {}) {
    Object.assign(this, { host, label, columns, tone, empty, limit, rows: [], order: null, first: -1, last: -1 });
    this.table = el("table", { class: "grid", role: "table" });
    this.head = el("tr", { role: "row" });
    this.body = el("tbody", { role: "rowgroup" });
    this.table.append(
      el("caption", { class: "vh" }, label),
      el("colgroup", {}, columns.map((column) => el("col", { class: column.kind || "" }))),
      el("thead", { role: "rowgroup" }, this.head),
      this.body,
    );
    this.box = el("div", { class: "gridbox", tabindex: "0", role: "region", "aria-label": label }, this.table);
    this.none = el("p", { class: "mute empty" }, empty);
    this.box.addEventListener("scroll", () => this.draw(), { passive: true });
    narrow.addEventListener("change", () => this.show(this.rows));
    this.heads();
    host.replaceChildren(this.box, this.none);
  }

  heads() {
    this.head.replaceChildren(
      ...this.columns.map((column, place) => {
        const sorted = this.order && this.order.place === place ? this.order.sign : 0;
        const label = column.sort
          ? el("button", { type: "button", click: () => this.sort(place) }, column.label, el("span", { class: "arrow", "aria-hidden": "true" }, sorted > 0 ? "\u25b2" : sorted < 0 ? "\u25bc" : ""))
          : column.label;
        return el("th", { scope: "col", role: "columnheader", class: column.kind || "", "aria-sort": sorted > 0 ? "ascending" : sorted < 0 ? "descending" : null }, label);
      }),
    );
  }

  sort(place) {
    const again = this.order && this.order.place === place;
    this.order = again && this.order.sign < 0 ? null : { place, sign: again ? -1 : 1 };
    this.heads();
    this.show(this.rows);
    $$("button", this.head).find((button) => button.closest("th") === this.head.children[place])?.focus();
  }

  /** Shows these rows, in the order chosen by the reader. */
  show(rows) {
    this.rows = rows;
    this.sorted = rows;
    if (this.order) {
      const { place, sign } = this.order;
      const key = this.columns[place].sort;
      const keys = new Map(rows.map((row) => [row, key(row)]));
      this.sorted = [...rows].sort((a, b) => sign * compare(keys.get(a), keys.get(b)));
    }
    this.long = rows.length > LONG && !this.whole;
    this.height = narrow.matches ? this.columns.length * NARROW_LINE + 17 : WIDE_ROW;
    this.box.classList.toggle("long", this.long);
    this.table.setAttribute("aria-rowcount", String(rows.length + 1));
    this.box.hidden = !rows.length;
    this.none.hidden = !!rows.length;
    this.box.scrollTop = 0;
    this.first = -1;
    this.draw();
  }

  draw() {
    const count = this.sorted.length;
    if (!this.long) {
      if (this.first !== 0 || this.last !== count) this.body.replaceChildren(...this.sorted.map((row, place) => this.row(row, place)));
      this.first = 0;
      this.last = count;
      return;
    }
    // Some rows beyond the edges are kept, so that a wheel or the Tab key finds them there.
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 12);
    const last = Math.min(count, first + Math.ceil((this.box.clientHeight || this.limit) / this.height) + 24);
    if (this.first >= 0 && Math.abs(first - this.first) < 6 && last <= this.last + 6 && first !== 0 && last !== count) return;
    if (first === this.first && last === this.last) return;
    this.first = first;
    this.last = last;
    const focused = this.body.contains(document.activeElement) ? document.activeElement.closest("tr")?.getAttribute("aria-rowindex") : null;
    this.body.replaceChildren(
      this.pad(first),
      ...this.sorted.slice(first, last).map((row, place) => this.row(row, first + place)),
      this.pad(count - last),
    );
    if (focused) this.body.querySelector(`tr[aria-rowindex="${focused}"] a, tr[aria-rowindex="${focused}"] button`)?.focus({ preventScroll: true });
  }

  pad(rows) {
    const cell = el("td", { colspan: String(this.columns.length) });
    cell.style.height = `${rows * this.height}px`;
    const made = el("tr", { class: "pad", "aria-hidden": "true" }, cell);
    made.hidden = !rows;
    return made;
  }

  row(row, place) {
    const made = el(
      "tr",
      { role: "row", "aria-rowindex": String(place + 2), class: this.tone ? this.tone(row) : null },
      this.columns.map((column) => {
        let value = column.cell(row);
        const empty = value === null || value === undefined || value === "";
        if (empty) value = [el("span", { class: "mute", "aria-hidden": "true" }, "\u2013"), el("span", { class: "vh" }, "none")];
        return el("td", { role: "cell", "data-label": column.label, class: [column.kind || "", empty ? "void" : ""].join(" ").trim() || null }, el("div", {}, value));
      }),
    );
    if (this.long) made.style.height = `${this.height}px`;
    return made;
  }

  /** For print: every row up to a bound, in full. */
  print(on) {
    this.whole = on;
    this.show(this.rows);
  }
}
