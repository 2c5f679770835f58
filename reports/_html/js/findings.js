// Findings: one filter over all of them, shown by rule or as one list.

class Findings {
  constructor(data) {
    this.data = data;
    this.found = data.findings;
    this.count = this.found.id.length;
    this.of = group(this.found.rule);
    this.place = new Map(this.found.id.map((id, row) => [id, row]));
    this.unknown = group(data.unknowns.rule);
    this.state = { text: "", severities: new Set(), verdict: "", theme: "", app: null, view: "rules" };
    this.grids = new Map();
    // One lower-case text per finding: searching 100,000 of them takes a few milliseconds.
    const f = this.found;
    this.words = upTo(this.count).map((row) => this.haystack([f.name[row], f.message[row], f.object[row], f.app_id[row], f.part[row], f.id[row], this.rule(row).id, (f.owners[row] || []).join(" ")]));
    const u = data.unknowns;
    this.unknownWords = u.rule.map((_, row) => this.haystack([u.name[row], u.cause[row], u.object[row], u.app_id[row], u.part[row]]));
    this.cards = $$("#cards .card").map((card) => ({ card, number: Number(card.dataset.rule), match: $(".match", card) }));
    for (const { card, number } of this.cards) $("details", card).addEventListener("toggle", () => this.fill(card, number));
    this.wire();
  }

  haystack(parts) {
    return parts.filter(Boolean).join("\n").toLowerCase();
  }

  rule(row) {
    return this.data.rules[this.found.rule[row]] || { id: "", title: "", theme: "", verdict: "" };
  }

  severity(row) {
    return this.data.severities[this.found.severity[row]];
  }

  named(row) {
    return this.found.name[row] || this.found.object[row] || "unnamed";
  }

  wire() {
    const on = (selector, event, act) => $$(selector).forEach((node) => node.addEventListener(event, () => act(node)));
    on("#q", "input", (node) => {
      // Looking for something means looking through everything; without a text the rules are back.
      if (node.value && !this.state.text) this.before = this.state.view;
      const view = node.value ? "list" : this.before || this.state.view;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.set({ text: node.value.trim().toLowerCase(), view }), 60);
    });
    on("[data-toggle-severity]", "click", (node) => {
      const chosen = new Set(this.state.severities);
      if (!chosen.delete(node.dataset.toggleSeverity)) chosen.add(node.dataset.toggleSeverity);
      this.set({ severities: chosen });
    });
    on("#f-verdict", "change", (node) => this.set({ verdict: node.value, view: node.value && node.value !== "fail" ? "rules" : this.state.view }));
    on("#f-theme", "change", (node) => this.set({ theme: node.value }));
    on("[data-view]", "click", (node) => this.set({ view: node.dataset.view }));
    on("#clear", "click", () => this.reset({}));
    on("[data-severity]", "click", (node) => this.jump({ severities: new Set([node.dataset.severity]), view: "list" }));
    on("[data-verdict]", "click", (node) => this.jump({ verdict: node.dataset.verdict, view: "rules" }));
  }

  jump(state) {
    this.reset(state);
    $("#findings").scrollIntoView();
  }

  reset(state) {
    clearTimeout(this.waiting);
    $("#q").value = "";
    this.before = null;
    this.set({ text: "", severities: new Set(), verdict: "", theme: "", app: null, view: "rules", ...state });
  }

  set(state) {
    Object.assign(this.state, state);
    this.apply();
  }

  get filtered() {
    const { text, severities, verdict, theme, app } = this.state;
    return !!(text || severities.size || verdict || theme || app);
  }

  ruleMatches(rule) {
    const { verdict, theme } = this.state;
    return (!verdict || rule.verdict === verdict) && (!theme || rule.theme === theme);
  }

  matches(row) {
    const { text, severities, app } = this.state;
    if (severities.size && !severities.has(this.severity(row))) return false;
    if (app && (this.found.app_id[row] || "").toLowerCase() !== app.id) return false;
    return (!text || this.words[row].includes(text)) && this.ruleMatches(this.rule(row));
  }

  unknownMatches(row) {
    const { text, app, severities } = this.state;
    const u = this.data.unknowns;
    if (severities.size && !severities.has(this.data.rules[u.rule[row]].severity)) return false;
    if (app && (u.app_id[row] || "").toLowerCase() !== app.id) return false;
    return !text || this.unknownWords[row].includes(text);
  }

  apply() {
    const { state } = this;
    const rows = upTo(this.count).filter((row) => this.matches(row));
    this.shown = rows;
    this.byRule = group(rows.map((row) => this.found.rule[row]));
    for (const [rule, places] of this.byRule) this.byRule.set(rule, places.map((place) => rows[place]));
    for (const button of $$("[data-toggle-severity]")) button.setAttribute("aria-pressed", String(state.severities.has(button.dataset.toggleSeverity)));
    for (const button of $$("[data-view]")) button.setAttribute("aria-pressed", String(state.view === button.dataset.view));
    $("#f-verdict").value = state.verdict;
    $("#f-theme").value = state.theme;
    const token = $("#f-app");
    token.hidden = !state.app;
    token.replaceChildren(...(state.app ? ["app ", text(state.app.name), el("button", { type: "button", "aria-label": "Leave this app's filter", click: () => this.set({ app: null }) }, "\u00d7")] : []));
    $("#clear").hidden = !this.filtered;
    $("#list").hidden = state.view !== "list";
    $("#cards").hidden = state.view !== "rules";
    let rules = 0;
    for (const { card, number, match } of this.cards) {
      const rule = this.data.rules[number];
      const own = (this.byRule.get(number) || []).length;
      const open = (this.unknown.get(number) || []).filter((row) => this.unknownMatches(row)).length;
      const about = state.severities.size ? state.severities.has(rule.severity) : true;
      const free = !state.text && !state.app;
      const named = state.text && !state.app && (rule.title + "\n" + rule.id).toLowerCase().includes(state.text);
      const seen = this.ruleMatches(rule) && (own || open || ((free || named) && about));
      card.hidden = !seen;
      rules += seen ? 1 : 0;
      match.textContent = this.filtered && own ? ` \u00b7 ${thousands(own)} match` : "";
      if ($("details", card).open) this.fill(card, number);
    }
    const passing = $("#passing");
    if (passing) {
      passing.hidden = !$$(".card", passing).some((card) => !card.hidden);
      if (state.verdict) passing.open = true;
    }
    if (state.view === "list") this.list(rows);
    const found = this.filtered ? `${thousands(rows.length)} of ${counted(this.count, "finding")} match` : counted(rows.length, "finding");
    $("#told").textContent = state.view === "list" ? `${found}.` : `${counted(rules, "rule")}, ${found}.`;
  }

  columns(withRule) {
    const f = this.found;
    const columns = [
      { label: "Name", sort: (row) => this.named(row), cell: (row) => link("finding/" + f.id[row], text(this.named(row))) },
      { label: "Finding", kind: "wide clamp", sort: (row) => f.message[row], cell: (row) => text(f.message[row]) },
      { label: "Owners", sort: (row) => (f.owners[row] || []).join(" "), cell: (row) => owners(f.owners[row], 4) },
    ];
    const severity = { label: "Severity", kind: "tight", sort: (row) => f.severity[row], cell: (row) => severityChip(this.severity(row)) };
    if (withRule) columns.splice(2, 0, { label: "Rule", sort: (row) => this.rule(row).title, cell: (row) => link("rule/" + this.rule(row).id, text(this.rule(row).title)) });
    else columns.splice(1, 0, { label: "Part", sort: (row) => f.part[row], cell: (row) => (f.part[row] ? el("span", { class: "mono" }, text(f.part[row])) : null) });
    return [severity, ...columns];
  }

  list(rows) {
    if (!this.grid) this.grid = new Grid($("#list"), "Findings", this.columns(true), { empty: "No finding matches.", tone: (row) => "s-" + this.severity(row) });
    this.grid.show(rows);
  }

  /** Fills an open card with its rows; a closed one costs nothing. */
  fill(card, number) {
    const host = $(".rows", card);
    if (!host || !$("details", card).open) return;
    if (!this.grids.has(number)) {
      const made = {};
      if (this.of.has(number)) {
        const box = el("div", {});
        host.append(el("h4", {}, "Findings"), box);
        made.found = new Grid(box, `Findings of ${this.data.rules[number].title}`, this.columns(false), { empty: "No finding of this rule matches the filter.", tone: (row) => "s-" + this.severity(row) });
      }
      if (this.unknown.has(number)) {
        const box = el("div", {});
        host.append(el("h4", {}, "Rows that could not be judged"), box);
        made.unknown = new Grid(box, `Unknown rows of ${this.data.rules[number].title}`, this.unknownColumns(), { empty: "No unknown row matches the filter." });
      }
      this.grids.set(number, made);
    }
    const { found, unknown } = this.grids.get(number);
    if (found) found.show(this.byRule.get(number) || []);
    if (unknown) unknown.show(this.unknown.get(number).filter((row) => this.unknownMatches(row)));
  }

  unknownColumns() {
    const u = this.data.unknowns;
    return [
      { label: "Name", sort: (row) => u.name[row], cell: (row) => this.subject(u.app_id[row], u.name[row] || u.object[row]) },
      { label: "Part", sort: (row) => u.part[row], cell: (row) => (u.part[row] ? el("span", { class: "mono" }, text(u.part[row])) : null) },
      { label: "Cause", kind: "wide", sort: (row) => u.cause[row], cell: (row) => text(u.cause[row]) },
    ];
  }

  subject(appId, name) {
    return this.apps && this.apps.place(appId) !== undefined ? appLink(appId, name) : text(name || "unnamed");
  }
}

/** Names of owners; in a table only the first few. */
function owners(list, most = Infinity) {
  if (list === null) return mute("not known");
  if (!list.length) return mute("no owner");
  const told = list.slice(0, most).flatMap((name, place) => (place ? [", ", text(name)] : [text(name)]));
  return el("span", {}, told, list.length > most ? mute(` and ${thousands(list.length - most)} more`) : null);
}
