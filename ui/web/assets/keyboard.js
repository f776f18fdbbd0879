/** Single keys, which can be turned off in the sheet that `?` opens; the browser remembers it. */
const KEPT = "headwind-keys";
const isOn = () => {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
};

/** What `j` and `k` go through: lines of tables and lists that say so, and are seen. */
const rows = () => [...document.querySelectorAll("main [data-row]")].filter((row) => row.checkVisibility());
const rowOf = (element) => element?.closest?.("[data-row]");
const first = (row) => row?.querySelector("a[href], button, summary, input");

/** A second key within this many milliseconds after `g` goes to a page. */
const CHORD = 1000;
let chordUntil = 0;

const keys = {
  "/": () => focus(document.querySelector(`main :is([data-key="/"], input[type=search])`)),
  j: () => move(1),
  k: () => move(-1),
  a: () => focus(action("approve")),
  r: () => focus(action("reject")),
  x: () => rowOf(document.activeElement)?.querySelector("input[type=checkbox]")?.click(),
  g: () => (chordUntil = Date.now() + CHORD, true),
  "?": () => (openSheet(), true),
};

/**
 * The button or field that decides: of the line with the focus, else of the page where it has one of it. Where lines are ticked
 * for it, the one with the focus is ticked too.
 */
function action(name) {
  const what = `:is([data-action="${name}"], [data-key="${name[0]}"])`;
  const row = rowOf(document.activeElement);
  const own = row?.querySelector(what);
  if (own) return own;
  const found = document.querySelectorAll(`main ${what}`);
  if (found.length !== 1) return undefined;
  const box = row?.querySelector("input[type=checkbox]");
  if (box && !box.checked) box.click();
  return found[0];
}

function focus(element) {
  if (!element) return false;
  for (let fold = element.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
  return true;
}

function move(step) {
  const all = rows();
  const at = all.indexOf(rowOf(document.activeElement));
  const next = at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step;
  return focus(first(all[next]));
}

function openSheet() {
  const sheet = document.getElementById("keys");
  if (sheet && !sheet.open) sheet.showModal();
}

const writes = (element) =>
  element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (!isOn() || writes(event.target) || document.querySelector("dialog[open]")) return;
  const isChord = Date.now() < chordUntil;
  chordUntil = 0;
  if (isChord) {
    const page = document.querySelector(`nav a[data-key="${CSS.escape(event.key)}"]`);
    if (page) {
      event.preventDefault();
      page.click();
    }
    return;
  }
  const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
  if (act?.()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-open-keys]")) openSheet();
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "keys-on") return;
  try {
    localStorage.setItem(KEPT, event.target.checked ? "on" : "off");
  } catch {
    // a browser that keeps nothing asks again the next time
  }
});

const sheetSwitch = document.getElementById("keys-on");
if (sheetSwitch) sheetSwitch.checked = isOn();
