// The drawer: one finding or one application in full.

class Drawer {
  constructor(report) {
    this.report = report;
    this.dialog = $("#drawer");
    this.body = $("#drawer-body");
    $("#close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // a click beside it
    });
    // Closed, the address must not open it again on reload.
    this.dialog.addEventListener("close", () => {
      if (/^#(finding|app)\//.test(location.hash)) history.replaceState(null, "", location.href.split("#")[0] + "#");
    });
  }

  open(title, ...content) {
    $("#drawer-title").replaceChildren(title);
    this.body.replaceChildren(...content.flat(Infinity).filter(Boolean));
    if (!this.dialog.open) this.dialog.showModal();
    this.body.scrollTop = 0;
    $("#drawer-title").focus({ preventScroll: true });
  }

  finding(row) {
    const { findings } = this.report;
    const f = findings.found;
    const rule = findings.rule(row);
    const keys = f.shapes[f.shape[row]];
    const place = findings.shown.indexOf(row);
    const step = (to, words) => (to >= 0 && to < findings.shown.length && place >= 0 ? link("finding/" + f.id[findings.shown[to]], words) : null);
    this.open(
      text(findings.named(row)),
      el("p", { class: "row" }, severityChip(findings.severity(row)), link("rule/" + rule.id, text(rule.title)), el("span", { class: "steps" }, step(place - 1, "Previous"), step(place + 1, "Next"))),
      el("p", { class: "lead" }, text(f.message[row])),
      pairs([
        ["Object", text(f.type[row] || "not told")],
        ["Object id", mono(f.object[row])],
        ["Client id", f.app_id[row] ? el("span", {}, mono(f.app_id[row]), " ", this.report.apps && this.report.apps.place(f.app_id[row]) !== undefined ? link("app/" + encodeURIComponent(f.app_id[row]), "everything known of it") : null) : null],
        ["Part", f.part[row] ? mono(f.part[row]) : null],
        ["Owners", owners(f.owners[row])],
        ["Finding id", mono(f.id[row])],
      ]),
      f.fix[row] ? [el("h3", {}, "Command that ends it"), command(f.fix[row])] : null,
      el("h3", {}, "Evidence, fields as received"),
      keys.length ? pairs(keys.map((key, i) => [key, value(f.values[row][i])]), true) : mute("The rule names no field."),
      el("h3", {}, "Requests that brought it"),
      this.report.proof(f.pages[row]),
    );
  }
}

const mono = (words) => (words === null || words === undefined ? null : el("span", { class: "mono" }, text(words)));

/** A field as received: text, number, list; an object as JSON. */
function value(item) {
  if (item === null || item === undefined) return mute("null");
  if (Array.isArray(item)) return item.length ? el("ul", { class: "plainlist" }, item.map((each) => el("li", {}, value(each)))) : mute("empty list");
  return mono(typeof item === "object" ? JSON.stringify(item) : item);
}

/** Names and values; a null value is left out unless all are wanted. */
function pairs(entries, all = false) {
  return el("dl", { class: "pairs" }, entries.filter(([, item]) => all || item).map(([name, item]) => el("div", {}, el("dt", {}, text(name)), el("dd", {}, item))));
}

function command(words) {
  const button = el("button", { type: "button", class: "plain", click: () => copy(button, words) }, "Copy");
  return el("div", { class: "command" }, el("pre", { tabindex: "0" }, el("code", {}, text(words))), button);
}
