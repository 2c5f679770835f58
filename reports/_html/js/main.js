// Starts the page, follows its links, and makes it fit for paper.

class Report {
  constructor(data) {
    this.data = data;
    this.findings = new Findings(data);
    this.drawer = new Drawer(this);
    this.grids = [];
    this.pages = new Map(data.requests.page.map((page, row) => [page, row]));
    if (data.apps) {
      this.apps = new Apps(data, this);
      this.findings.apps = this.apps;
      this.grids.push(this.apps.list(), this.apps.exchange());
      this.apps.expiry();
    }
    this.findings.apply();
    $("#requests-box").addEventListener("toggle", () => this.requests(), { once: true });
    addEventListener("hashchange", () => this.follow());
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
    this.follow();
  }

  /** #rule/ID, #finding/ID and #app/CLIENT-ID. */
  follow() {
    const [, kind, rest] = /^#(rule|finding|app)\/(.+)$/.exec(location.hash) || [];
    if (kind !== "finding" && kind !== "app" && this.drawer.dialog.open) this.drawer.dialog.close();
    if (!kind) return;
    let id = rest;
    try {
      id = decodeURIComponent(rest);
    } catch {
      // a stray % is part of the id
    }
    if (kind === "rule") return this.rule(id);
    const place = kind === "finding" ? this.findings.place.get(id) : this.apps && this.apps.place(id);
    if (place === undefined) this.drawer.open("Not here", el("p", {}, kind === "finding" || this.apps ? `This report holds no ${kind} with that id.` : "Applications need the snapshot beside the audit."));
    else if (kind === "finding") this.drawer.finding(place);
    else this.apps.show(place);
  }

  rule(id) {
    const card = document.getElementById("rule/" + id);
    if (!card) return;
    if (card.hidden || $("#cards").hidden) this.findings.reset({});
    for (let node = card; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    $("details", card).open = true;
    this.findings.fill(card, Number(card.dataset.rule));
    card.scrollIntoView();
    $("summary", card).focus({ preventScroll: true });
  }

  /** The requests of these pages, for proof. */
  proof(pages) {
    if (!pages.length) return mute("No page is named.");
    const q = this.data.requests;
    const rows = pages.map((page) => this.pages.get(page));
    const one = (page, row) =>
      row === undefined
        ? el("li", {}, `page ${page}: not in this audit`)
        : el("li", {}, el("p", {}, el("b", {}, `page ${page} `), text(q.dataset[row]), mute(` status ${q.status[row]}, ${q.date[row] || "no date"}`)), el("p", { class: "mono" }, text(`${q.method[row]} ${q.url[row]}`)), q.body[row] ? el("p", { class: "mono sub" }, text(JSON.stringify(q.body[row]))) : null, el("p", { class: "mono sub" }, text(`request-id ${q.request_id[row] || "none"}`)), el("p", { class: "mono sub" }, text(`SHA-256 ${q.received_sha256[row]}`)), q.reused_from[row] ? el("p", { class: "mono sub" }, text(`first kept in the snapshot ${q.reused_from[row]}`)) : null);
    const most = 40;
    return el("div", {}, el("ul", { class: "proof" }, pages.slice(0, most).map((page, i) => one(page, rows[i]))), pages.length > most ? mute(`and pages ${pages.slice(most).join(", ")}`) : null);
  }

  requests() {
    const q = this.data.requests;
    const grid = new Grid($("#requests"), "Requests", [
      { label: "Page", kind: "num", sort: (row) => q.page[row], cell: (row) => String(q.page[row]) },
      { label: "Dataset", kind: "mid", sort: (row) => q.dataset[row], cell: (row) => text(q.dataset[row]) },
      { label: "Request", kind: "wide", sort: (row) => q.url[row], cell: (row) => el("span", { class: "mono" }, text(`${q.method[row]} ${q.url[row]}`), q.body[row] ? el("span", { class: "sub" }, text(JSON.stringify(q.body[row]))) : null) },
      { label: "Status", kind: "num", sort: (row) => q.status[row], cell: (row) => String(q.status[row]) },
      { label: "Date", sort: (row) => q.page[row], cell: (row) => (q.date[row] ? text(q.date[row]) : null) },
      { label: "Request id", cell: (row) => mono(q.request_id[row]) },
      { label: "SHA-256 as received", cell: (row) => mono(q.received_sha256[row]) },
    ]);
    grid.show(upTo(q.page.length));
  }

  /** On paper everything that matters is open, and what was folded is folded again after. */
  print(on) {
    if (on) {
      this.opened = $$("#trust details, #partner details, #exchange > details, .card.c-fail > details, .card.c-error > details, .card.c-not-evaluated > details, .card.c-unknown > details").filter((node) => !node.open);
      for (const node of this.opened) node.open = true;
      for (const { card, number } of this.findings.cards) this.findings.fill(card, number);
    }
    const inCards = [...this.findings.grids.values()].flatMap((each) => Object.values(each));
    for (const grid of [...this.grids, ...inCards]) if (grid.rows.length <= 500) grid.print(on);
    if (!on) for (const node of this.opened || []) node.open = false;
  }
}

const started = performance.now();
unpack($("#data").textContent).then(
  (data) => {
    new Report(data);
    document.documentElement.dataset.ready = String(Math.round(performance.now() - started));
  },
  (error) => {
    const told = $("#broken");
    told.textContent = `This browser could not unpack the report's data (${error}). What stands below is whole; the lists are missing. A browser of 2023 or later shows them.`;
    told.hidden = false;
  },
);
