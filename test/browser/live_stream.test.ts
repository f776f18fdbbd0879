/// <reference lib="dom" />
// timeout: 300
import * as assert from "uvu/assert";
import type { Browser, Page } from "playwright-core";
import { e2e, eventually, pause } from "../e2e/suite.ts";
import { requestOf } from "../support/build/update_request.ts";
import { type DashboardAlone, FAILURES, hide, isStream, openAlone, stopAll, written } from "./one_process.ts";
import { launch } from "./visitor.ts";

const s = e2e("traps of the live stream in a browser");
let browser: Browser;
s.before(async () => void (browser = await launch()));
s.after(async () => {
  await stopAll();
  await browser.close();
});

const PING = "event: ping\ndata: 15000\n\n";

/** A page on `/updates`, of one update that waits. */
async function open(
  { setUp, path = "/updates", expected = FAILURES }: {
    setUp?: (alone: DashboardAlone) => void;
    path?: string;
    expected?: RegExp[];
  } = {},
) {
  const alone = await openAlone(
    { requests: [requestOf({ name: "one", requireApproval: true, phase: "Pending" })] },
    browser,
  );
  setUp?.(alone);
  const visitor = await alone.visit({ expected });
  const page = await visitor.open(path);
  return {
    alone,
    visitor,
    page,
    state: () => page.locator("#live-state").innerText(),
    async end() {
      await alone.stop();
      assert.equal(visitor.problems, []);
    },
  };
}

/** That a change comes to a page. */
async function requireMoving(alone: DashboardAlone, page: Page, target: string): Promise<void> {
  alone.context.change(requestOf({ name: target, target, requireApproval: true, phase: "Pending" }));
  await page.locator("#updates", { hasText: target }).waitFor();
}

s("a change comes by itself, without another request for the page", async () => {
  const { alone, page, end } = await open({ expected: [] });
  await requireMoving(alone, page, "moved");
  assert.is(alone.streams.length, 1);
  await end();
});

s("the stream is asked for behind all that the page is made of", async () => {
  const { page, end } = await open({ expected: [] });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const priorities = new Map<string, string>();
  session.on("Network.requestWillBeSent", ({ request }) => {
    priorities.set(new URL(request.url).pathname, request.initialPriority);
  });
  await page.reload();
  assert.is(await eventually("it connects", async () => priorities.get("/live")), "Low");
  await end();
});

s(
  "trap: the first connection is tried again, after 503, no answer and a page, and no error is put into the page",
  async () => {
    let count = 0;
    const { alone, page, end } = await open({
      setUp: (alone) =>
        alone.instead = (request) => {
          if (!isStream(request)) return undefined;
          switch (++count) {
            case 1:
              return new Response("<p id=wrong>full</p>", {
                status: 503,
                headers: { "retry-after": "1", "content-type": "text/html" },
              });
            case 2:
              throw new Error("the connection ends");
            case 3:
              return new Response("<p id=wrong>sign in</p>", { headers: { "content-type": "text/html" } });
          }
        },
    });
    await eventually("it connects", async () => count >= 4);
    await requireMoving(alone, page, "moved");
    assert.is(await page.locator("#wrong").count(), 0);
    await end();
  },
);

s("trap: a stream that comes back as a page to sign in is not asked for again and again", async () => {
  let isLost = false;
  const { alone, page, end } = await open({
    setUp: (alone) =>
      alone.instead = (request) => {
        if (!isStream(request)) return undefined;
        if (isLost) return new Response("<p id=wrong>sign in</p>", { headers: { "content-type": "text/html" } });
        isLost = true;
        return new Response(PING, { headers: { "content-type": "text/event-stream" } });
      },
  });
  await eventually("it asks again", async () => alone.streams.length >= 3);
  await pause(4000);
  // at once, then after about 1, 2 and 4 seconds; htmx alone asks every half second
  assert.ok(alone.streams.length <= 6, `${alone.streams.length} requests`);
  assert.is(await page.locator("#wrong").count(), 0);
  alone.instead = undefined;
  await requireMoving(alone, page, "moved");
  await end();
});

s("trap: who is signed out is told so, once, and asks no more", async () => {
  for (const isFirst of [true, false]) {
    let count = 0;
    const { alone, page, state, end } = await open({
      setUp: (alone) =>
        alone.instead = (request) => {
          if (!isStream(request)) return undefined;
          if (++count === 1 && !isFirst) {
            return new Response(PING, { headers: { "content-type": "text/event-stream" } });
          }
          return new Response("sign in\n", { status: 401 });
        },
    });
    await page.locator("#live-state a").waitFor();
    assert.match(await state(), /signed out/);
    assert.is(await page.locator("#live-state a").getAttribute("href"), "/login?next=%2Fupdates");
    const asked = alone.streams.length;
    await pause(3000);
    await hide(page, true);
    await hide(page, false);
    await pause(1500);
    assert.is(alone.streams.length, asked);
    await end();
  }
});

s("trap: a tab that nobody has seen yet does not connect; it does when it is seen", async () => {
  const alone = await openAlone({ requests: [requestOf()] }, browser);
  const visitor = await alone.visit();
  await visitor.context.addInitScript(() =>
    Object.defineProperty(document, "hidden", { value: true, configurable: true })
  );
  const page = await visitor.open("/updates");
  await pause(1500);
  assert.is(alone.streams.length, 0);
  await hide(page, false);
  await eventually("it connects", async () => alone.streams.length === 1);
  await requireMoving(alone, page, "moved");
  await alone.stop();
  assert.equal(visitor.problems, []);
});

s("a tab that sleeps closes its stream, and shows all that it missed when it is seen again", async () => {
  const { alone, page, end } = await open();
  await requireMoving(alone, page, "first");
  await hide(page, true);
  await pause(300);
  alone.context.change(requestOf({ name: "missed", target: "missed", phase: "Pending" }));
  await pause(600);
  assert.is(await page.locator("#updates", { hasText: "missed" }).count(), 0);
  await hide(page, false);
  await page.locator("#updates", { hasText: "missed" }).waitFor();
  assert.is(alone.streams.length, 2);
  assert.match(alone.streams[1]!.lastEventId ?? "", /^replica-0-/);
  await end();
});

s("trap: a stream on which nothing comes any more is noticed, and opened anew", async () => {
  let count = 0;
  const { alone, page, end } = await open({
    setUp: (alone) =>
      alone.instead = (request) =>
        isStream(request) && ++count === 1 ? written("event: ping\ndata: 200\n\n") : undefined,
  });
  await eventually("it connects again", async () => alone.streams.length >= 2);
  await requireMoving(alone, page, "moved");
  await end();
});

s("where Auto-refresh is off the page asks for no stream, and stands still", async () => {
  const { alone, page, end } = await open({ expected: [] });
  await requireMoving(alone, page, "first");
  await page.getByRole("button", { name: /Auto-refresh/ }).click();
  await page.getByRole("button", { name: /Auto-refresh off/ }).waitFor();
  const asked = alone.streams.length;
  alone.context.change(requestOf({ name: "second", target: "second", phase: "Pending" }));
  await pause(1500);
  assert.is(await page.locator("#updates", { hasText: "second" }).count(), 0);
  assert.is(alone.streams.length, asked);
  await page.getByRole("button", { name: /Auto-refresh/ }).click();
  await requireMoving(alone, page, "third");
  await end();
});

s("a connection that is lost is said after a while, and not any more once it is back", async () => {
  const { alone, page, state, end } = await open({
    setUp: (alone) => alone.instead = (request) => isStream(request) ? new Response(null, { status: 502 }) : undefined,
  });
  await page.locator("#live-state", { hasText: "connection is lost" }).waitFor();
  alone.instead = undefined;
  await requireMoving(alone, page, "moved");
  await eventually("it is quiet again", async () => await state() === "");
  await end();
});

s("a picture seen before is brought back, however it is come to", async () => {
  // A, then B, then a lost connection, then A again: the name that the page came with would say that nothing changed
  const { alone, page, end } = await open();
  const before = requestOf({ name: "one", requireApproval: true, phase: "Pending" });
  await requireMoving(alone, page, "other");
  alone.context.remove("default/other");
  await page.locator("#updates", { hasText: "other" }).waitFor({ state: "detached" });
  await requireMoving(alone, page, "other");
  let isLost = true;
  alone.instead = (request) => isStream(request) && isLost ? new Response(null, { status: 502 }) : undefined;
  await hide(page, true);
  await pause(200);
  await hide(page, false);
  const asked = alone.streams.length;
  await eventually("it is refused twice", async () => alone.streams.length >= asked + 2);
  alone.context.remove("default/other");
  alone.context.change(before);
  isLost = false;
  await page.locator("#updates", { hasText: "other" }).waitFor({ state: "detached" });
  await end();
});

s("another view, by a filter, has another stream, and the old one ends", async () => {
  const { alone, page, end } = await open({ expected: [] });
  await requireMoving(alone, page, "first");
  await page.getByRole("searchbox").pressSequentially("fir");
  await page.locator("#updates", { hasText: "web" }).waitFor({ state: "detached" });
  await eventually("it asks for the other view", async () => alone.streams.length >= 2);
  await requireMoving(alone, page, "firm");
  alone.context.change(requestOf({ name: "stranger", target: "stranger", phase: "Pending" }));
  await requireMoving(alone, page, "fire");
  assert.is(await page.locator("#updates", { hasText: "stranger" }).count(), 0);
  const asked = alone.streams.length;
  await pause(2000);
  assert.is(alone.streams.length, asked);
  await end();
});

s.run();
