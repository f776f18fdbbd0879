// timeout: 180
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "node:net";
import createDashboard from "../../../../ui/web/app.ts";
import { serve } from "../../../../core/runtime/serve.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import { requestOf } from "../../../support/build/update_request.ts";

const s = suite("very many, very slow and very large: the dashboard's server");
const LIVE = "/live?view=%2Fupdates";

async function open(streams: number) {
  const requests = Array.from({ length: 20 }, (_, index) => requestOf({ name: `r${index}`, target: `web-${index}` }));
  const context = dashboardContext({ requests, env: { HEADWIND_UI_STREAMS: String(streams) } });
  const dashboard = await createDashboard(context);
  const server = await serve({
    hostname: "127.0.0.1",
    port: 0,
    graceMs: 100,
    limits: { connections: streams + 64, perAddress: streams + 64 },
    fetch: (request, from) => dashboard.fetch(request, from),
  });
  const sockets: Socket[] = [];
  return {
    context,
    url: `http://127.0.0.1:${server.port}`,
    /** A page that never comes to read more than it is told to. */
    async page(path = LIVE) {
      const socket = connect(server.port, "127.0.0.1");
      sockets.push(socket);
      socket.on("error", () => {});
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      const page = { socket, text: "", isClosed: false };
      socket.on("data", (piece: Uint8Array) => page.text += new TextDecoder().decode(piece));
      socket.on("close", () => page.isClosed = true);
      while (!page.isClosed && !page.text.includes("event: ping") && !page.text.includes("HTTP/1.1 5")) await soon();
      return page;
    },
    async stop() {
      dashboard.stop();
      for (const socket of sockets) socket.destroy();
      await server.stop();
    },
  };
}
const soon = (ms = 2) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await soon();
}

s(
  "2,000 open streams each get a change, and whoever asks beside them is served; the next is asked to come again",
  async () => {
    const { context, url, page, stop } = await open(4000);
    const pages: Awaited<ReturnType<typeof page>>[] = [];
    for (let count = 0; count < 2000; count += 50) {
      pages.push(...await Promise.all(Array.from({ length: 50 }, () => page())));
    }
    assert.is((await fetch(`${url}/updates`)).status, 200);
    const more = await page();
    assert.match(more.text, /^HTTP\/1.1 503 [\s\S]*retry-after: \d+/i);
    context.change(requestOf({ name: "r1", target: "changed" }));
    await until(() => pages.every(({ text }) => text.includes("changed")));
    assert.is((await fetch(`${url}/updates`)).status, 200);
    await stop();
  },
);

s("pages that do not read are let go, and keep nobody waiting", async () => {
  const { context, page, stop } = await open(400);
  const reader = await page();
  const stuck = await Promise.all(Array.from({ length: 50 }, () => page()));
  for (const { socket } of stuck) socket.pause();
  // what the kernel takes for a socket comes first, some megabytes; then what waits here is bounded
  let isDropped = false;
  for (let count = 0; !isDropped; count++) {
    const text = `${count}`.padEnd(60, "x");
    for (let index = 0; index < 20; index++) {
      context.change(
        requestOf({ name: `r${index}`, target: `web-${count}-${index}`, reason: "A", message: text.repeat(60) }),
      );
    }
    await until(() => reader.text.includes(`web-${count}-19`));
    reader.text = "";
    if (count % 20 === 19) {
      // one that is let go was cut off: what is asked of it by a write fails
      const [first] = stuck;
      first!.socket.write("x");
      await soon(20);
      isDropped = first!.isClosed || first!.socket.destroyed;
    }
    assert.ok(count < 2000, "none was let go");
  }
  await stop();
});

s("10 MB of query are refused, and the next call is served", async () => {
  const { url, stop } = await open(8);
  for (const path of ["/updates?search=", "/live?view=/updates%3Fsearch="]) {
    const big = await fetch(url + path + "x".repeat(10 << 20)).then(async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    }, () => 0);
    assert.ok([0, 400, 414, 431].includes(big), String(big));
    assert.is((await fetch(`${url}/updates`)).status, 200);
  }
  await stop();
});

s.run();
