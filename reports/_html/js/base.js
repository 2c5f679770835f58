// What everything else stands on: the data, elements, and text that cannot act.

/** The data block, unpacked: base64, gzip, JSON. */
async function unpack(text) {
  const raw = atob(text.trim());
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element with attributes, and children that are elements or plain text. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "class") made.className = value;
    else if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// What can move, hide or reorder text is written out, as the page's template does.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;
const EACH_HIDDEN = /([\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}])/u;

const CONTROLS = "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(" ");

function shown(character) {
  const code = character.codePointAt(0);
  if (code < CONTROLS.length) return CONTROLS[code];
  return code === 0x7f ? "DEL" : "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

/** Text from outside: isolated, and nothing hidden in it. */
function text(value) {
  const bdi = document.createElement("bdi");
  const words = String(value);
  if (!HIDDEN.test(words)) {
    bdi.textContent = words;
    return bdi;
  }
  for (const part of words.split(EACH_HIDDEN)) {
    if (part && HIDDEN.test(part) && part.length <= 2) bdi.append(el("span", { class: "ctl" }, shown(part)));
    else bdi.append(part);
  }
  return bdi;
}

const mute = (words) => el("span", { class: "mute" }, words);
const chip = (words, kind) => el("span", { class: `chip ${kind}` }, words);
const severityChip = (name) => chip(name, `sev sev-${name}`);
const levelChip = (name) => el("span", { class: `level l-${name}` }, name);
const thousands = (number) => number.toLocaleString("en");
const counted = (number, one, many) => `${thousands(number)} ${number === 1 ? one : many || one + "s"}`;
/** The day of an instant as received; the whole text is in the drawer. */
const day = (stamp) => (stamp ? stamp.slice(0, 10) : null);
const link = (hash, ...children) => el("a", { href: "#" + hash }, ...children);
const appLink = (id, name) => link("app/" + encodeURIComponent(id), text(name || id));
const upTo = (number) => Array.from({ length: number }, (_, i) => i);
/** Compares without regard to case; what is not known goes last. */
function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined || a === "") return 1;
  if (b === null || b === undefined || b === "") return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
/** Rows of each key, for columns that name their owner by number. */
function group(keys) {
  const found = new Map();
  keys.forEach((key, row) => {
    const rows = found.get(key);
    if (rows) rows.push(row);
    else found.set(key, [row]);
  });
  return found;
}

/** Copies and says so on the button. */
async function copy(button, words) {
  let done = true;
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const area = el("textarea", { class: "vh", readonly: true });
    area.value = words;
    button.after(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  button.textContent = done ? "Copied" : "Select it and copy by hand";
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

function warning(words, lines) {
  if (!lines || !lines.length) return null;
  return el("div", { class: "warn" }, el("p", {}, el("b", {}, words)), el("ul", {}, lines.map((line) => el("li", {}, text(line)))));
}
