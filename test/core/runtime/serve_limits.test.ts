import { connect, type Socket } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createBodies } from "../../../core/runtime/serve_limits.ts";
import { type HttpServer, serve, type ServeOptions } from "../../../core/runtime/serve.ts";
import { timesSent } from "../../../core/runtime/web_messages.ts";

const s = suite("limits of the HTTP server");
const hostname = "127.0.0.1";
const open: { socket: Socket; server?: HttpServer }[] = [];
const servers: HttpServer[] = [];

async function started(options: Partial<ServeOptions> = {}) {
  const refused: string[] = [];
  const server = await serve({
    hostname,
    port: 0,
    graceMs: 200,
    onRefused: (why) => refused.push(why),
    fetch: async (request) => new Response(`${new URL(request.url).pathname} ${(await request.text()).length}`),
    ...options,
  });
  servers.push(server);
  return { server, refused };
}

/** A connection, and all that comes of it once it is closed. */
function dial({ port }: HttpServer, text = "") {
  const socket = connect(port, hostname);
  open.push({ socket });
  let said = "";
  socket.on("data", (chunk) => said += chunk);
  socket.on("error", () => {});
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(said)));
  const connected = new Promise<void>((resolve) => socket.once("connect", resolve));
  if (text) socket.write(text);
  return { socket, closed, connected, said: () => said };
}

async function until(yes: () => boolean): Promise<void> {
  for (const late = performance.now() + 10_000; !yes();) {
    if (performance.now() > late) throw new Error("it does not come");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

s.after.each(async () => {
  for (const { socket } of open.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.stop();
});

const get = "GET /here HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const post = (size: number, text = "") => `POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${text}`;

s("half a head is closed with 408 in time, as is nothing", async () => {
  const { server, refused } = await started({ limits: { headMs: 200 } });
  const half = dial(server, "GET / HTTP/1.1\r\nX:");
  const nothing = dial(server);
  assert.match(await half.closed, /^HTTP\/1.1 408 /);
  assert.match(await nothing.closed, /^HTTP\/1.1 408 /);
  await until(() => refused.length === 2);
  assert.equal(refused, ["late", "late"]);
});

s("a connection that asks for nothing more is closed", async () => {
  const { server } = await started({ limits: { idleMs: 100 } });
  const one = dial(server, "GET /here HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(await one.closed, "/here 0");
});

s("beyond the limit the oldest half heads give way to whoever asks", async () => {
  const { server, refused } = await started({ limits: { connections: 5 } });
  const halves = Array.from({ length: 20 }, () => dial(server, "GET / HTTP/1.1\r\nX:"));
  for (const { connected } of halves) await connected;
  assert.match(await dial(server, get).closed, "/here 0");
  await until(() => refused.length >= 15);
  assert.ok(refused.every((why) => why === "connections"));
});

s("an address has its share", async () => {
  const { server, refused } = await started({ limits: { perAddress: 2 } });
  const halves = Array.from({ length: 3 }, () => dial(server, "GET / HTTP/1.1\r\nX:"));
  await Promise.race(halves.map(({ closed }) => closed));
  assert.equal(refused, ["address"]);
});

s("where all are at work: 503 and when to come again", async () => {
  let go = () => {};
  const gone = new Promise<void>((resolve) => go = resolve);
  let asked = 0;
  const { server, refused } = await started({
    limits: { connections: 2 },
    fetch: async () => {
      asked++;
      await gone;
      return new Response("done");
    },
  });
  const working = [dial(server, get), dial(server, get)];
  await until(() => asked === 2);
  const said = await dial(server, get).closed;
  assert.match(said, /^HTTP\/1.1 503 .*\r\nRetry-After: 1\r\n/);
  assert.equal(refused, ["connections"]);
  go();
  for (const { closed } of working) assert.match(await closed, "done");
});

s("bodies of all servers have room together: the oldest that stand give way, small ones come in", async () => {
  const refused: string[] = [];
  const bodies = createBodies({ bytes: 200_000, settledMs: 0 }, (why) => refused.push(why));
  const errors: string[] = [];
  const fetch = async (request: Request) => {
    try {
      return new Response(String((await request.text()).length));
    } catch (error) {
      errors.push((error as Error).name);
      return new Response("no", { status: 503 });
    }
  };
  const { server } = await started({ bodies, fetch });
  const { server: other } = await started({ bodies, fetch });
  const stalled = Array.from({ length: 6 }, () => dial(server, post(1_000_000, "x".repeat(90_000))));
  for (const { closed } of stalled.slice(0, 3)) assert.match(await closed, /^HTTP\/1.1 503 /);
  assert.match(
    await dial(other, post(3, "abc").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).closed,
    /\r\n\r\n3$/,
  );
  assert.ok(bodies.inHand() <= 200_000);
  assert.ok(refused.length >= 3);
  assert.equal(new Set(errors), new Set(["BodyRefused"]));
  for (const { socket } of stalled) socket.destroy();
  await until(() => bodies.inHand() === 0);
});

s("a body that stands is cut in time, large or small", async () => {
  const bodies = createBodies({ pieceMs: 100 });
  const errors: string[] = [];
  const { server } = await started({
    bodies,
    limits: { headMs: 300, requestMs: 400 },
    fetch: (request) =>
      request.text().then(() => new Response(), (error) => {
        errors.push(error.name);
        return new Response("late", { status: 408 });
      }),
  });
  const large = dial(server, post(100_000, "x".repeat(20_000)));
  const small = dial(server, post(100, "x"));
  assert.match(await large.closed, /^HTTP\/1.1 408 /);
  assert.match(await small.closed, /^HTTP\/1.1 408 /);
  await until(() => errors.length === 2);
  assert.equal(errors, ["BodyRefused", "BodyRefused"]);
});

s("an answer comes though the body was not read, and the connection is closed", async () => {
  const { server } = await started({ fetch: () => new Response("not you", { status: 401 }) });
  const one = dial(server, post(1_000_000, "x".repeat(200_000)));
  const said = await one.closed;
  assert.match(said, /^HTTP\/1.1 401 /);
  assert.match(said, /connection: close/i);
  assert.match(said, "not you");
});

s("a large body that is read whole is given whole, and the connection is kept", async () => {
  const { server } = await started();
  const one = dial(server);
  for (let round = 1; round <= 2; round++) {
    one.socket.write(post(1_000_000, "x".repeat(1_000_000)));
    await until(() => one.said().split("/in 1000000").length === round + 1);
  }
  one.socket.write("POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  await until(() => one.said().includes("/in 3"));
});

const targets: [string, string, string][] = [
  ["a Host that is a path", "GET /x HTTP/1.1\r\nHost: a/../b?x", "/x 0"],
  ["a Host that is none", "GET /x HTTP/1.1\r\nHost: a b:99999999", "/x 0"],
  ["a whole URL", "GET http://elsewhere/y?z HTTP/1.1\r\nHost: a", "/y 0"],
  ["a path like a host", "GET //elsewhere/y HTTP/1.1\r\nHost: a", "//elsewhere/y 0"],
];
for (const [what, head, said] of targets) {
  s(`${what} moves nothing`, async () => {
    const { server } = await started();
    assert.match(await dial(server, `${head}\r\nConnection: close\r\n\r\n`).closed, said);
  });
}

s("it is known how many times a header was sent", async () => {
  const { server } = await started({ fetch: (request) => new Response(`${timesSent(request, "X-Groups")} times`) });
  const twice = "GET / HTTP/1.1\r\nHost: a\r\nX-Groups: a\r\nx-groups: b\r\nConnection: close\r\n\r\n";
  assert.match(await dial(server, twice).closed, "2 times");
  assert.match(await dial(server, get).closed, "0 times");
});

s("a target that is no path is 400, as are two lengths", async () => {
  const { server } = await started();
  const asked = [
    "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "nonsense\r\n\r\n",
  ];
  for (const head of asked) assert.match(await dial(server, head).closed, /^HTTP\/1.1 400 /);
});

s("a handler that throws ends its connection alone", async () => {
  const { server } = await started({
    fetch(request) {
      if (request.url.endsWith("/bad")) throw new Error("no");
      return new Response("well");
    },
  });
  assert.is(await dial(server, get.replace("here", "bad")).closed, "");
  assert.match(await dial(server, get).closed, "well");
});

s("an answer comes as its parts do, and its source is told when nobody reads on", async () => {
  let cancelled = false;
  const { server } = await started({
    fetch: () =>
      new Response(
        new ReadableStream({
          start: (stream) => stream.enqueue(new TextEncoder().encode("first")),
          cancel: () => void (cancelled = true),
        }),
        { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] },
      ),
  });
  const one = dial(server, get);
  await until(() => one.said().includes("first"));
  assert.match(one.said(), /set-cookie: a=1\r\nset-cookie: b=2\r\n/i);
  one.socket.destroy();
  await until(() => cancelled);
});

s("stop waits for what is in hand, and for no half head", async () => {
  const { server } = await started({ graceMs: 60_000 });
  const half = dial(server, "GET / HTTP/1.1\r\nX:");
  await half.connected;
  assert.match(await dial(server, get).closed, "/here");
  await server.stop();
  assert.is(await half.closed, "");
});

s.run();
