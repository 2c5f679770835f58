// Applications: the list, the Exchange table, the expiry lists, and one application in full.

class Apps {
  constructor(data, report) {
    this.data = data;
    this.all = data.apps;
    this.report = report;
    const a = this.all;
    this.places = new Map(a.app_id.map((id, place) => [id.toLowerCase(), place]));
    this.by = {};
    for (const name of ["credentials", "federated", "grants", "requested", "delegated", "roles", "eligible", "owners", "exchange"]) this.by[name] = group(a[name].app);
    this.findings = group(report.findings.found.app_id.map((id) => (id ? this.places.get(id.toLowerCase()) : undefined)));
    this.words = a.app_id.map((id, place) => [a.name[place], id, a.object_id[place], a.principal_id[place], a.owner_tenant[place], this.ownerNames(place).join(" ")].filter(Boolean).join("\n").toLowerCase());
  }

  place(appId) {
    return appId ? this.places.get(appId.toLowerCase()) : undefined;
  }

  rows(name, place) {
    return this.by[name].get(place) || [];
  }

  named(place) {
    return this.all.name[place] || this.all.app_id[place];
  }

  link(place) {
    return place < 0 ? mute("not known") : appLink(this.all.app_id[place], this.named(place));
  }

  ownerNames(place) {
    const o = this.all.owners;
    return [...new Set(this.rows("owners", place).map((row) => o.owner_name[row] || o.owner_id[row]))];
  }

  owners(place) {
    const names = this.ownerNames(place);
    return names.length || !this.data.gaps.owners.length ? owners(names, 4) : owners(null);
  }

  level(place) {
    const row = this.rows("exchange", place)[0];
    return row === undefined ? "none" : this.all.exchange.level[row];
  }

  /** Kinds of credentials, federation included, with their numbers. */
  kinds(place) {
    const c = this.all.credentials;
    const counts = new Map();
    for (const row of this.rows("credentials", place)) if (!c.saml[row]) counts.set(c.kind[row], (counts.get(c.kind[row]) || 0) + 1);
    const federated = this.rows("federated", place).length;
    if (federated) counts.set("federated", federated);
    const words = ([kind, number]) => (kind === "federated" ? `${number} federated` : counted(number, kind === "symmetric" ? "symmetric key" : kind));
    return [...counts].map((each) => words(each).replaceAll(" ", "\u00a0")).join(", ");
  }

  list() {
    const a = this.all;
    const search = el("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: "name, id, owner" });
    const microsoft = a.publisher.filter((each) => each === "microsoft").length;
    const box = el("input", { type: "checkbox" });
    const told = el("p", { role: "status", "aria-live": "polite" });
    const host = el("div", {});
    $("#apps").append(
      el("div", { class: "tools" }, el("label", { class: "search" }, el("span", {}, "Search applications"), search), el("label", { class: "check" }, box, ` with Microsoft's own (${thousands(microsoft)})`), told),
      host,
    );
    const grid = new Grid(
      host,
      "Applications",
      [
        { label: "Application", kind: "wide", sort: (n) => this.named(n), cell: (n) => this.link(n) },
        { label: "Publisher", kind: "mid", sort: (n) => a.publisher[n], cell: (n) => publisher(a.publisher[n]) },
        { label: "Credentials", kind: "mid", sort: (n) => this.rows("credentials", n).length, cell: (n) => this.kinds(n) },
        { label: "Permissions", kind: "num", sort: (n) => this.rows("grants", n).length, cell: (n) => thousands(this.rows("grants", n).length) },
        { label: "Roles", kind: "num", sort: (n) => this.rows("roles", n).length, cell: (n) => thousands(this.rows("roles", n).length) },
        { label: "Exchange", kind: "mid", sort: (n) => this.data.levels.indexOf(this.level(n)), cell: (n) => levelChip(this.level(n)) },
        { label: "Owners", sort: (n) => this.ownerNames(n).join(" "), cell: (n) => this.owners(n) },
        { label: "Findings", kind: "num", sort: (n) => (this.findings.get(n) || []).length, cell: (n) => thousands((this.findings.get(n) || []).length) },
      ],
      { empty: "No application matches." },
    );
    const order = upTo(a.app_id.length).sort((x, y) => (this.findings.get(y) || []).length - (this.findings.get(x) || []).length || compare(this.named(x), this.named(y)));
    const show = () => {
      const wanted = search.value.trim().toLowerCase();
      const rows = order.filter((n) => (box.checked || a.publisher[n] !== "microsoft") && (!wanted || this.words[n].includes(wanted)));
      const left = box.checked ? "" : ` ${counted(microsoft, "service principal")} of Microsoft's own left out.`;
      told.textContent = `${counted(rows.length, "application")}.${left}${a.deleted ? ` ${counted(a.deleted, "deleted registration")} can still be restored.` : ""}`;
      grid.show(rows);
    };
    search.addEventListener("input", show);
    box.addEventListener("change", show);
    show();
    return grid;
  }

  exchange() {
    const x = this.all.exchange;
    const every = upTo(x.app.length).sort((a, b) => x.rank[b] - x.rank[a] || (x.mailbox_reach[a] === "tenant-wide" ? -1 : 0) - (x.mailbox_reach[b] === "tenant-wide" ? -1 : 0) || compare(this.named(x.app[a]), this.named(x.app[b])));
    const levels = every.filter((row) => x.level[row] !== "none");
    const mailbox = every.filter((row) => x.level[row] === "none" && x.publisher[row] !== "microsoft" && x.mailbox[row].length);
    const rest = every.filter((row) => x.level[row] === "none" && !(x.publisher[row] === "microsoft" && !x.mailbox[row].length));
    const hidden = every.length - levels.length - rest.length;
    const box = el("input", { type: "checkbox" });
    const mail = el("input", { type: "checkbox", checked: true });
    const told = el("p", { role: "status", "aria-live": "polite" });
    const host = el("div", {});
    $("#exchange-rows").append(
      el("div", { class: "tools" }, el("label", { class: "check" }, mail, ` with apps that only open mailboxes (${thousands(mailbox.length)})`), el("label", { class: "check" }, box, ` with level none (${thousands(rest.length)})`), told),
      host,
    );
    const list = (name) => (row) => (x[name][row] && x[name][row].length ? lines(x[name][row]) : null);
    const grid = new Grid(
      host,
      "What apps can do in Exchange",
      [
        { label: "Application", sort: (row) => this.named(x.app[row]), cell: (row) => this.link(x.app[row]) },
        { label: "Level", kind: "mid", sort: (row) => x.rank[row], cell: (row) => levelChip(x.level[row]) },
        { label: "ManageAsApp", kind: "mid", sort: (row) => x.permission[row], cell: (row) => (x.permission[row] === "none" ? null : el("span", { class: x.permission[row] === "granted" ? "strong" : "" }, x.permission[row])) },
        { label: "Via", kind: "half", sort: (row) => x.via[row].length, cell: list("via") },
        { label: "Mailboxes", kind: "half", sort: (row) => x.mailbox_reach[row], cell: (row) => (x.mailbox[row].length ? el("span", {}, el("span", { class: `reach reach-${x.mailbox_reach[row]}` }, x.mailbox_reach[row]), lines(x.mailbox[row])) : null) },
        { label: "Eligible or narrower", kind: "half", cell: (row) => { const both = [...(x.eligible[row] || []).map((each) => `${each}, eligible`), ...(x.narrower[row] || []), ...(x.unrated[row] || [])]; return both.length ? lines(both) : null; } },
        { label: "Credentials", kind: "mid", cell: (row) => this.kinds(x.app[row]) },
        { label: "Owners", kind: "mid", cell: (row) => this.owners(x.app[row]) },
      ],
      { empty: this.data.gaps.exchange.length ? "No app with a level was found in what could be read." : "No app can administer Exchange.", tone: (row) => "lv-" + x.level[row] },
    );
    const show = () => {
      const chosen = new Set([...levels, ...(mail.checked ? mailbox : []), ...(box.checked ? rest : [])]);
      const rows = every.filter((row) => chosen.has(row));
      told.textContent = `${counted(rows.length, "app")}${hidden ? `; ${thousands(hidden)} of Microsoft's own without a level left out` : ""}.`;
      grid.show(rows);
    };
    box.addEventListener("change", show);
    mail.addEventListener("change", show);
    show();
    return grid;
  }

  expiry() {
    const c = this.all.credentials;
    const rows = group(c.bucket);
    const host = $("#bucket");
    const grid = el("div", {});
    const title = el("h3", {});
    let table = null;
    for (const button of $$("[data-bucket]")) {
      button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") === "true";
        for (const each of $$("[data-bucket]")) each.setAttribute("aria-expanded", "false");
        if (open) return host.replaceChildren();
        button.setAttribute("aria-expanded", "true");
        const number = Number(button.dataset.bucket);
        const chosen = (rows.get(number) || []).sort((a, b) => compare(c.end[a], c.end[b]));
        title.textContent = `${this.data.buckets[number]}: ${counted(chosen.length, "credential")}`;
        host.replaceChildren(title, grid);
        table = table || new Grid(grid, "Credentials", this.credentialColumns(true));
        table.show(chosen);
      });
    }
  }

  credentialColumns(withApp) {
    const c = this.all.credentials;
    const columns = [
      { label: "Kind", kind: "mid", sort: (row) => c.kind[row], cell: (row) => el("span", {}, c.kind[row], c.saml[row] ? mute(" (SAML signing)") : null) },
      { label: "Name and key id", kind: "wide", sort: (row) => c.label[row], cell: (row) => el("span", {}, c.label[row] ? text(c.label[row]) : mute("no name"), " ", el("span", { class: "mono sub inline" }, text(c.key_id[row]))) },
      { label: "Starts", kind: "mid", sort: (row) => c.start[row], cell: (row) => stamp(c.start[row]) },
      { label: "Ends", kind: "mid", sort: (row) => c.end[row], cell: (row) => stamp(c.end[row]) },
    ];
    if (withApp) columns.unshift({ label: "Application", sort: (row) => this.named(c.app[row]), cell: (row) => this.link(c.app[row]) });
    return [...columns, { label: "Held by", kind: "mid", sort: (row) => c.holder_type[row], cell: (row) => (c.holder_type[row] === "application" ? "registration" : "service principal") }];
  }

  /** One application, everything known of it. */
  show(place) {
    const a = this.all;
    const block = (title, name, rows, none, make) => [
      el("h3", {}, title, rows.length ? ` (${thousands(rows.length)})` : ""),
      warning("May be incomplete:", this.data.gaps[name]),
      rows.length ? make(rows) : mute(this.data.gaps[name] && this.data.gaps[name].length ? "None in what could be read." : none),
    ];
    const table = (label, columns) => (rows) => {
      const host = el("div", {});
      new Grid(host, label, columns).show(rows);
      return host;
    };
    const { findings } = this.report;
    const x = this.rows("exchange", place)[0];
    const ex = a.exchange;
    const d = a.delegated;
    const delegated = this.rows("delegated", place)[0];
    const g = a.grants, q = a.requested, r = a.roles, e = a.eligible, f = a.federated, o = a.owners, c = a.credentials;
    const role = (t) => [
      { label: "Role", kind: "wide", cell: (row) => text(t.role[row] || t.template_id[row] || "not told") },
      { label: "Tier", kind: "mid", cell: (row) => tier(t.tier[row], t.path[row]) },
      { label: "Scope", kind: "mid", cell: (row) => (t.scope[row] === "/" ? "whole directory" : t.scope[row] ? text(t.scope[row]) : mute("not told")) },
      { label: "Through", cell: (row) => (t.group_id[row] ? text(t.group_name[row] || t.group_id[row]) : "directly") },
    ];
    const found = this.findings.get(place) || [];
    this.report.drawer.open(
      text(this.named(place)),
      a.principal_name[place] && a.principal_name[place] !== a.name[place] ? el("p", { class: "note" }, "Its service principal is named ", text(a.principal_name[place]), ".") : null,
      pairs([
        ["Client id", mono(a.app_id[place])],
        ["Registration", mono(a.object_id[place]) || mute("not in this tenant")],
        ["Service principal", mono(a.principal_id[place]) || mute("none in this tenant")],
        ["Publisher", el("span", {}, publisher(a.publisher[place]), a.owner_tenant[place] ? el("span", {}, ", tenant ", mono(a.owner_tenant[place])) : null)],
        ["Type", a.type[place] ? text(a.type[place]) : null],
        ["Sign-in", a.principal_id[place] ? (a.enabled[place] === null ? mute("not told") : a.enabled[place] ? "enabled" : el("b", {}, "disabled")) : null],
        ["Audience", a.audience[place] ? text(a.audience[place]) : null],
        ["Registered", a.created[place] ? mono(a.created[place]) : null],
        ["Reference", a.service_management_reference[place] ? text(a.service_management_reference[place]) : null],
        ["Notes", a.notes[place] ? text(a.notes[place]) : null],
      ]),
      el("h3", {}, found.length ? `Findings (${thousands(found.length)})` : "Findings"),
      found.length
        ? [el("ul", { class: "worst small" }, found.slice(0, 50).map((row) => el("li", {}, severityChip(findings.severity(row)), el("div", {}, link("finding/" + findings.found.id[row], text(findings.found.message[row])))))), el("p", {}, el("button", { type: "button", class: "plain", click: () => this.only(place) }, "Show them in the list"))]
        : mute("No rule failed on it. What was not judged is told in each rule."),
      block("Owners", "owners", this.rows("owners", place), "No owner.", (rows) => el("ul", { class: "plainlist" }, rows.map((row) => el("li", {}, text(o.owner_name[row] || o.owner_id[row]), mute(` ${o.owner_type[row] || "kind not told"}, of the ${o.object_type[row] === "application" ? "registration" : "service principal"}`))))),
      block("Credentials", "credentials", this.rows("credentials", place), "No secret and no certificate.", (rows) => [table("Credentials", this.credentialColumns(false))(rows), el("ul", { class: "plainlist" }, rows.filter((row) => c.detail[row]).map((row) => el("li", { class: "sub" }, text(`${c.label[row] || c.key_id[row]}: ${c.detail[row]}`))))]),
      block("Federated credentials", "federated", this.rows("federated", place), "None.", table("Federated credentials", [
        { label: "Name", cell: (row) => text(f.label[row] || f.id[row]) },
        { label: "Issuer", kind: "wide", cell: (row) => text(f.issuer[row] || "not told") },
        { label: "Subject", kind: "wide", cell: (row) => text(f.subject[row] || "not told") },
        { label: "Audiences", cell: (row) => text((f.audiences[row] || []).join(", ")) },
      ])),
      block("Application permissions", "grants", this.rows("grants", place), "None.", table("Application permissions", [
        { label: "Permission", kind: "wide", sort: (row) => g.permission[row], cell: (row) => text(g.permission[row] || g.permission_id[row]) },
        { label: "API", cell: (row) => text(g.resource_name[row] || "not known") },
        { label: "Tier", kind: "mid", sort: (row) => g.tier[row], cell: (row) => tier(g.tier[row], g.path[row]) },
        { label: "Granted", kind: "mid", sort: (row) => g.created[row], cell: (row) => stamp(g.created[row]) },
      ])),
      el("h3", {}, "Delegated grants"),
      warning("May be incomplete:", this.data.gaps.delegated),
      delegated === undefined ? mute(this.data.gaps.delegated.length ? "None in what could be read." : "None.") : el("p", {}, `${counted(d.everybody[delegated], "scope")} for everybody, ${counted(d.single[delegated], "scope")} for single users.`),
      block("Permissions it asks for", "apps", this.rows("requested", place), "None.", (rows) => el("ul", { class: "tags" }, rows.map((row) => el("li", {}, text(q.permission[row] || q.permission_id[row]), mute(q.kind[row] === "Role" ? " application" : " delegated"))))),
      block("Directory roles", "roles", this.rows("roles", place), "None.", table("Directory roles", role(r))),
      block("Directory roles it can activate", "eligible", this.rows("eligible", place), "None.", table("Directory roles it can activate", role(e))),
      el("h3", {}, "Exchange"),
      warning("The level may be too low:", this.data.gaps.exchange),
      x === undefined
        ? mute("It has no service principal here, so it cannot sign in to Exchange.")
        : pairs([
            ["Level", levelChip(ex.level[x])],
            ["ManageAsApp", text([ex.permission[x], ...ex.permissions[x]].join(": "))],
            ["Via", ex.via[x].length ? lines(ex.via[x]) : null],
            ["Eligible", ex.eligible[x].length ? lines(ex.eligible[x]) : null],
            ["Narrower scope", ex.narrower[x].length ? lines(ex.narrower[x]) : null],
            ["Not rated", ex.unrated[x].length ? lines(ex.unrated[x]) : null],
            ["Mailboxes", ex.mailbox[x].length ? el("span", {}, el("span", { class: `reach reach-${ex.mailbox_reach[x]}` }, ex.mailbox_reach[x]), lines(ex.mailbox[x])) : "none"],
          ]),
      x !== undefined && ex.proof_pages[x].length ? el("details", { class: "more" }, el("summary", {}, "Requests that prove it"), this.report.proof(ex.proof_pages[x].map(Number))) : null,
    );
  }

  only(place) {
    this.report.drawer.dialog.close();
    this.report.findings.jump({ app: { id: this.all.app_id[place].toLowerCase(), name: this.named(place) }, view: "list" });
  }
}

const PUBLISHERS = { own: "this tenant", foreign: "another tenant", microsoft: "Microsoft" };
const publisher = (name) => (name === null ? mute("not told") : el("span", { class: name === "foreign" ? "strong" : "" }, PUBLISHERS[name] || name));
const lines = (items) => el("ul", { class: "plainlist" }, items.map((item) => el("li", {}, text(item))));
/** A date as it reads; the whole text as received on hover and for copying. */
const stamp = (received) => (received ? el("time", { title: received }, text(day(received))) : mute("not told"));
function tier(number, path) {
  if (number === null) return mute("not rated");
  return el("span", { class: `tier tier-${number}` }, `tier ${number}`, path && path !== "none" ? ` (${path})` : "");
}
