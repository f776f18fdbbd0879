import { onChange } from "./on_change.js";
import { clockText, exactText, relativeText } from "./time_words.js";

/** The server's words, "2026-11-30 11:06 UTC", become "3 min ago", with the exact time in the reader's zone as title. */
function rewrite() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at) || element.hasAttribute("data-day")) continue;
    write(element, element.hasAttribute("data-clock") ? clockText(at, 8) : relativeText(at, now));
    const exact = exactText(at);
    if (element.title !== exact) element.title = exact;
  }
  for (const element of document.querySelectorAll("text[data-at]")) {
    const length = element.textContent.includes(":") ? element.textContent.length : "day";
    write(element, clockText(Date.parse(element.dataset.at), length));
  }
}

/** Only where it says something else: what is written is a change too. A node that is kept keeps what a person selected of it. */
function write(element, text) {
  if (element.textContent === text) return;
  if (element.firstChild?.nodeType === Node.TEXT_NODE && element.childNodes.length === 1) {
    element.firstChild.data = text;
  } else element.textContent = text;
}

onChange(rewrite);
setInterval(() => document.hidden || rewrite(), 10_000);
document.addEventListener("visibilitychange", () => document.hidden || rewrite());
