import { suite } from "uvu";
import * as assert from "uvu/assert";
import { html } from "../../../../ui/web/html.ts";
import { createHub, type HubTimes } from "../../../../ui/web/live/hub.ts";
import type { Viewer } from "../../../../ui/web/live/group.ts";
import { pictureOf } from "../../../../ui/web/live/picture.ts";
import { region } from "../../../../ui/web/page.ts";
import { readEvents } from "./event_reader.ts";

const s = suite("ui/web/live/hub");
const soon = (ms = 1) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await soon();
}

/** A hub over a page whose texts a test sets. */
function build(
  { streams = 100, perPerson = 100, ...times }: Partial<HubTimes> & { streams?: number; perPerson?: number } = {},
  renew?: () => number,
) {
  const listeners = new Set<() => void>();
  const texts: Record<string, string> = { head: "h", list: "1" };
  const rendered: string[] = [];
  const hub = createHub({
    replica: "here",
    changes: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    inWords: ({ message }) => message,
    streams,
    times: { together: 20, ...times },
    ...(renew ? { renew } : {}),
  });
  const viewer = (given: Partial<Viewer> = {}): Viewer => ({
    group: "/updates",
    person: "ann",
    most: perPerson,
    mayLook: () => Promise.resolve(true),
    picture() {
      rendered.push(given.group ?? "/updates");
      return pictureOf({ title: "t", regions: Object.entries(texts).map(([id, text]) => region(id, html`${text}`)) });
    },
    ...given,
  });
  return {
    hub,
    viewer,
    texts,
    rendered,
    listeners,
    change: () => listeners.forEach((listener) => listener()),
    join: (given: Partial<Viewer> = {}) => readEvents(hub.open(viewer(given))!),
  };
}

s("a page that comes gets a first byte at once, then the whole picture, under a name", async () => {
  const { hub, join } = build();
  const page = join();
  const [whole] = await page.until(1);
  assert.is(page.pings(), 1);
  assert.match(whole!.id, /^here-/);
  assert.match(whole!.data, "#head");
  assert.match(whole!.data, "#list");
  hub.stop();
  assert.is(await page.over, "ended");
});

s("headers say that nothing between may keep or change it", () => {
  const { hub, viewer } = build();
  const { headers } = hub.open(viewer())!;
  assert.is(headers.get("content-type"), "text/event-stream; charset=utf-8");
  assert.is(headers.get("cache-control"), "no-cache, no-transform");
  assert.is(headers.get("x-accel-buffering"), "no");
});

s("a page that shows the picture already gets none; one that shows another, or nonsense, gets it whole", async () => {
  const { hub, join, texts, change } = build();
  const first = join();
  const id = (await first.until(1))[0]!.id;
  const same = join({ shown: id });
  const others = ["there-AAAAAAAAAAAAAAAA", "💥", "", "1", id.slice(0, -1), "x".repeat(9000)].map((shown) =>
    join({ shown })
  );
  for (const other of others) assert.is((await other.until(1))[0]!.id, id);
  texts.list = "2";
  change();
  const [next] = await same.until(1);
  assert.not.match(next!.data, "#head");
  assert.match(next!.data, "#list");
  hub.stop();
});

s("a group is rendered once for a change, and each page gets the same; what did not change is not sent", async () => {
  const { hub, join, texts, rendered, change } = build();
  const pages = [1, 2, 3].map(() => join());
  await Promise.all(pages.map((page) => page.until(1)));
  assert.equal(rendered, ["/updates"]);
  texts.list = "2";
  change();
  const got = await Promise.all(pages.map((page) => page.until(2)));
  assert.equal(rendered, ["/updates", "/updates"]);
  assert.not.match(got[0]![1]!.data, "#head");
  for (const events of got) assert.equal(events[1], got[0]![1]);
  hub.stop();
});

s("changes that come together are one message", async () => {
  const { hub, join, texts, change } = build({ together: 100 });
  const page = join();
  await page.until(1);
  for (const text of ["2", "3", "4"]) {
    texts.list = text;
    change();
    await soon();
  }
  await page.until(2);
  assert.match(page.events[1]!.data, ">4<");
  texts.list = "5";
  change();
  await page.until(3);
  assert.match(page.events[2]!.data, ">5<");
  assert.is(page.events.length, 3);
  hub.stop();
});

s("readers that read nothing are let go when together too much waits for them, and no other", async () => {
  const { hub, viewer, join, change } = build({ streams: 100 });
  let seen = 0;
  const large = (group: string) => ({
    group,
    picture() {
      seen++;
      return pictureOf({ title: "t", regions: [region("list", html`${"x".repeat(8 << 20)}`)] });
    },
  });
  const reads = join({ group: "reads" });
  const unread = Array.from({ length: 12 }, (_, at) => hub.open(viewer(large(`${at}`)))!.body!.getReader());
  for (const reader of unread) await reader.read();
  await until(() => seen >= 12);
  for (let at = 0; hub.size().streams > 9 && at < 100; at++) {
    change();
    await soon(20);
  }
  assert.ok(hub.size().streams <= 9, `${hub.size().streams}`);
  assert.ok(hub.size().streams > 1);
  assert.ok((await reads.until(1)).length > 0);
  hub.stop();
  for (const reader of unread) await reader.cancel().catch(() => {});
});

s("a change while a picture is read is not lost", async () => {
  const { hub, viewer, texts, change, join } = build({ together: 1 });
  const read = viewer().picture;
  const page = join({
    async picture(signal) {
      const picture = await read(signal);
      if (texts.list === "1") {
        texts.list = "2";
        change();
      }
      return picture;
    },
  });
  await page.until(2);
  assert.match(page.events[1]!.data, ">2<");
  hub.stop();
});

s("a page that comes between a change and its message gets what is new", async () => {
  const { hub, join, texts, change } = build({ together: 100 });
  await join().until(1);
  texts.list = "2";
  change();
  const page = join();
  assert.match((await page.until(1))[0]!.data, ">2<");
  hub.stop();
});

s("other views and other rights are groups of their own", async () => {
  const { hub, join, rendered } = build();
  await Promise.all(["/", "/updates", "/updates?page=2"].map((group) => join({ group }).until(1)));
  assert.equal(rendered.sort(), ["/", "/updates", "/updates?page=2"]);
  assert.equal(hub.size(), { streams: 3, groups: 3 });
  hub.stop();
});

s("a group whose picture throws or hangs keeps no other waiting, says so, and goes on once it can", async () => {
  const { hub, viewer, join, texts, change } = build({ deadline: 200 });
  const read = viewer().picture;
  let isBroken = false;
  const failing = join({
    group: "a",
    picture: (signal) => isBroken ? Promise.reject(new Error("no way")) : read(signal),
  });
  const hanging = join({ group: "b", picture: (signal) => isBroken ? new Promise(() => {}) : read(signal) });
  const well = join({ group: "c" });
  await Promise.all([failing, hanging, well].map((page) => page.until(1)));
  isBroken = true;
  texts.list = "2";
  change();
  await well.until(2);
  assert.equal((await failing.until(2))[1], { name: "stale", id: failing.events[0]!.id, data: "no way" });
  assert.equal((await hanging.until(2))[1]!.data, "it took longer than 0.2 s");
  isBroken = false;
  texts.list = "3";
  change();
  for (const page of [failing, hanging]) {
    const [, , fine, picture] = await page.until(4);
    assert.is(fine!.data, "");
    assert.match(picture!.data, ">3<");
  }
  hub.stop();
});

s("one that failed is tried again though nothing changes, and so is one that is old", async () => {
  const { hub, viewer, join, texts } = build({ ping: 10, renew: 20 });
  const read = viewer().picture;
  let tries = 0;
  const page = join({ picture: (signal) => ++tries === 1 ? Promise.reject(new Error("no")) : read(signal) });
  const [stale, fine, whole] = await page.until(3);
  assert.equal([stale!.data, fine!.data], ["no", ""]);
  assert.match(whole!.data, "#head");
  texts.list = "2";
  assert.match((await page.until(4))[3]!.data, ">2<");
  hub.stop();
});

s("when one is old may be set otherwise while it is open", async () => {
  let renew = 60_000;
  const { hub, join, texts } = build({ ping: 5 }, () => renew);
  const page = join();
  await page.until(1);
  texts.list = "2";
  await until(() => page.pings() >= 4);
  assert.is((await page.until(1)).length, 1);
  renew = 5;
  assert.match((await page.until(2))[1]!.data, ">2<");
  hub.stop();
});

s("pings come by a name, with how often", async () => {
  const { hub, join } = build({ ping: 5 });
  const page = join();
  await until(() => page.pings() >= 4);
  hub.stop();
});

s(
  "a stream ends after its life, and once somebody may not look any more; a question that fails ends nothing",
  async () => {
    const { hub, join } = build({ ping: 5, ask: 10, life: 200 });
    let asked = 0;
    const gone = join({ mayLook: () => Promise.resolve(++asked < 2) });
    let failed = 0;
    const old = join({ mayLook: () => (failed++, Promise.reject(new Error("no answer"))) });
    assert.is(await gone.over, "ended");
    assert.is(asked, 2);
    assert.is(await old.over, "ended");
    assert.ok(failed > 0);
    assert.equal(hub.size(), { streams: 0, groups: 0 });
    hub.stop();
  },
);

s("one of a group who may look no more is let go before others are shown what is left to them", async () => {
  const { hub, join, texts, change } = build();
  let may = true;
  const gone = join({
    mayLook: () => Promise.resolve(may),
    picture: () => pictureOf({ title: "t", regions: [region("list", html`${may ? texts.list : "nothing"}`)] }),
  });
  await gone.until(1);
  const page = join();
  await page.until(1);
  may = false;
  texts.list = "2";
  change();
  assert.is(await gone.over, "ended");
  const [, next] = await page.until(2);
  assert.match(next!.data, ">2<");
  assert.not.match(JSON.stringify([gone.events, page.events]), "nothing");
  hub.stop();
});

s("one of a group whose token has just ended keeps no picture from the others", async () => {
  const { hub, join, texts, change } = build();
  let isOver = false;
  const ended = join({
    picture: () =>
      isOver
        ? Promise.reject(new Error("ann's token is none"))
        : pictureOf({ title: "t", regions: [region("list", html`${texts.list}`)] }),
  });
  await ended.until(1);
  const page = join();
  await page.until(1);
  isOver = true;
  texts.list = "2";
  change();
  const [, next] = await page.until(2);
  assert.match(next!.data, ">2<");
  assert.not.match(JSON.stringify(page.events), "ann");
  hub.stop();
});

s("no more streams than may be, in all and of one person; those that leave make room", async () => {
  const { hub, viewer, join } = build({ streams: 3, perPerson: 2 });
  const pages = [join(), join()];
  await Promise.all(pages.map((page) => page.until(1)));
  assert.is(hub.open(viewer()), undefined);
  const other = join({ person: "bob" });
  await other.until(1);
  assert.is(hub.open(viewer({ person: "eve" })), undefined);
  pages[0]!.leave();
  await until(() => hub.size().streams === 2);
  await join({ person: "eve" }).until(1);
  assert.is(hub.open(viewer()), undefined);
  hub.stop();
});

s("it listens, and keeps anything, only while a page is open", async () => {
  const { hub, join, listeners } = build();
  assert.is(listeners.size, 0);
  const pages = [join(), join({ group: "b" })];
  await Promise.all(pages.map((page) => page.until(1)));
  assert.is(listeners.size, 1);
  pages.forEach((page) => page.leave());
  await until(() => listeners.size === 0);
  assert.equal(hub.size(), { streams: 0, groups: 0 });
  const again = join();
  await again.until(1);
  assert.is(listeners.size, 1);
  hub.stop();
  await again.over;
  assert.is(listeners.size, 0);
});

s("a reader that does not read is let go, and others go on", async () => {
  const { hub, viewer, join, texts, change } = build({ together: 1 });
  const stuck = hub.open(viewer())!.body!.getReader();
  await stuck.read();
  const page = join();
  await page.until(1);
  for (let count = 0; hub.size().streams === 2; count++) {
    assert.ok(count < 100);
    texts.list = `${count}`.padEnd(20_000, "x");
    change();
    await page.until(count + 2);
  }
  const end = async () => {
    while (!(await stuck.read()).done);
    return "ended";
  };
  assert.is(await end().catch(() => "failed"), "failed");
  assert.is(hub.size().streams, 1);
  hub.stop();
});

s("one that stays behind with little is let go too", async () => {
  const { hub, viewer } = build({ ping: 5 });
  const stuck = hub.open(viewer())!.body!.getReader();
  await stuck.read();
  await until(() => hub.size().streams === 0);
  hub.stop();
});

s("who comes after the end gets nothing", () => {
  const { hub, viewer } = build();
  hub.stop();
  assert.is(hub.open(viewer()), undefined);
});

s.run();
