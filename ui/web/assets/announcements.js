/** Tells who does not see the page what the live stream changed on it: once, politely, and not more than can be listened to. */
const MOST = 3;
/** Lines and states that have a stable id. */
const TOLD = "main :is([data-row], [data-say])[id]";

let before;

/** What an element says: what it is told to, or of a line its name and its state. */
function saying(element) {
  const { say } = element.dataset;
  if (say !== undefined) return say;
  const parts = ["th", ".status", ".hand"].map((part) => textOf(element.querySelector(part)));
  return parts[1] === "" ? "" : parts.filter((text) => text !== "").join(", ");
}

const textOf = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";
const sayings = () => new Map([...document.querySelectorAll(TOLD)].map((element) => [element.id, saying(element)]));
const isStream = (element) => element?.matches?.("[data-live]");

document.addEventListener("htmx:before:swap", ({ target }) => {
  before = isStream(target) ? sayings() : undefined;
});
document.addEventListener("htmx:after:swap", ({ target }) => {
  if (!before || !isStream(target)) return;
  const changed = [...sayings()].filter(([id, text]) => text !== "" && before.get(id) !== text).map(([, text]) => text);
  before = undefined;
  const place = document.getElementById("announcements");
  if (!place || changed.length === 0) return;
  const more = changed.length > MOST ? `; and ${changed.length - MOST} more` : "";
  place.textContent = changed.slice(0, MOST).join("; ") + more;
});
