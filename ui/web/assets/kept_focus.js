/**
 * Whoever had the focus on something that a swap takes away, such as the button that they pressed, or that somebody else pressed
 * first, finds it near: on the line where it was, else on the part of the page.
 */
let before;
/** What we made focusable: the server does not know of it. */
const made = new WeakSet();

document.addEventListener("htmx:before:swap", () => {
  const { activeElement: element } = document;
  if (!element || element === document.body) return (before = undefined);
  const near = [];
  for (let at = element; at && at !== document.body; at = at.parentElement) if (at.id) near.push(at.id);
  before = { element, near };
});

document.addEventListener("htmx:after:swap", () => {
  if (!before) return;
  const { element, near } = before;
  if (element.isConnected && made.has(element)) element.tabIndex = -1;
  if (element.isConnected && !element.matches(":disabled")) return document.activeElement === element || focus(element);
  // where somebody else took it meanwhile, it is theirs
  if (document.activeElement && document.activeElement !== document.body) return;
  for (const id of near) {
    const found = document.getElementById(id);
    if (found && found.checkVisibility() && focus(found)) return;
  }
});

function focus(element) {
  element.focus({ preventScroll: true });
  if (document.activeElement === element) return true;
  element.tabIndex = -1;
  made.add(element);
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}
