/**
 * The live stream, as far as htmx's extension leaves it to the page: it connects once the page is first seen, tries the first
 * connection again too, notices a stream on which nothing comes, and stops where nobody is signed in any more.
 */
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60_000;
/** How many pings may fail to come. */
const PATIENCE = 2.5;
/** Up to as many failures nothing is said: a replica that restarts is back by then. */
const QUIET_FAILURES = 2;

const STREAM = "[data-live]";
const stream = () => document.querySelector(STREAM);
const isStream = (element) => element?.matches?.(STREAM);

/** Streams that were opened once. */
const opened = new WeakSet();
let connection;
let failures = 0;
let retry;
let watch;
/** Whether anything came since it was connected last. */
let isAlive = false;
/** Whether the page stands still for good. */
let isOver = false;
/** What the server says of a picture that it could not read. */
let stale = "";
/** The name of the picture that the page shows; of another stream it says nothing. */
let shown = { of: undefined, name: "" };

function say(text, link) {
  const state = document.getElementById("live-state");
  if (!state || state.dataset.said === text) return;
  state.dataset.said = text;
  state.textContent = text;
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link.href;
  anchor.textContent = link.text;
  state.append(" ", anchor);
}

function connect() {
  clearTimeout(retry);
  const element = stream();
  if (!element || isOver || connection || document.hidden) return;
  opened.add(element);
  isAlive = false;
  stale = "";
  element.dispatchEvent(new CustomEvent("live:open"));
}

/** With half to one and a half of a delay that doubles, so that all pages of a replica that is gone do not come at once. */
function connectLater(seconds = 0) {
  if (isOver) return;
  const delay = Math.min(LONGEST_DELAY, Math.max(FIRST_DELAY * 2 ** failures++, seconds * 1000));
  if (failures > QUIET_FAILURES) say("Not up to date: the connection is lost. It is tried again.");
  clearTimeout(retry);
  retry = setTimeout(connect, delay * (0.5 + Math.random()));
}

/** What the stream was answered by where that is none; 0 where it was not answered. */
function refused(status, retryAfter) {
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (!isFinal) return connectLater(Number(retryAfter) || 0);
  isOver = true;
  if (status === 401) {
    const next = encodeURIComponent(location.pathname + location.search);
    say("You are signed out: this page stands still.", { href: `/login?next=${next}`, text: "Sign in" });
  } else say("This page stands still: it is not there any more.", { href: location.href, text: "Load it again" });
}

const on = (name, act) =>
  document.addEventListener(name, ({ target, detail }) => isStream(target) && act(detail, target));

on("htmx:config:request", ({ ctx }, element) => {
  // the page is whole without it: scripts and styles come first, and who waits until a page has loaded does not wait for its end
  ctx.request.priority = "low";
  if (shown.of === element) ctx.request.headers["Last-Event-ID"] = shown.name;
});
// it comes only where the answer is no stream
on("htmx:after:request", ({ ctx }) => refused(ctx.response.status, ctx.response.headers.get("retry-after")));
on("htmx:error", () => refused(0));

on("htmx:sse:before:connection", (detail, element) => {
  const { attempt } = detail.connection;
  if (attempt === 0) return;
  // the extension tries once; an answer that brought nothing is tried by a first connection, which looks at what it is
  if (isOver || !isAlive) detail.connection.cancelled = true;
  isAlive = false;
  if (shown.of === element) detail.connection.lastEventId ||= shown.name;
});
on("htmx:sse:after:connection", (detail) => {
  connection = detail.connection;
});
on("htmx:sse:error", ({ status }) => status === 401 && refused(status));
document.addEventListener("htmx:sse:close", ({ detail }) => {
  if (connection && detail.connection !== connection) return;
  connection = undefined;
  clearTimeout(watch);
  // one that is gone from the page has its successor there
  if (detail.reason === "ended") connectLater();
});

on("htmx:sse:after:message", ({ message }, element) => {
  if (message.id) shown = { of: element, name: message.id };
});
on("ping", ({ data }) => {
  isAlive = true;
  failures = 0;
  say(stale);
  clearTimeout(watch);
  watch = setTimeout(() => document.hidden || connection?.reader?.cancel(), Number(data) * PATIENCE);
});
on("stale", ({ data }) => {
  stale = data;
  say(stale);
});

document.addEventListener("visibilitychange", connect);
// htmx, which was read before, begins in such a task too
setTimeout(connect);
// what is swapped in may bring another stream
document.addEventListener("htmx:after:swap", () => {
  const element = stream();
  if (!element || opened.has(element)) return;
  connection = undefined;
  isOver = false;
  failures = 0;
  connect();
});
