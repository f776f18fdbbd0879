import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createHttpClient, type Socket } from "../../../core/runtime/http_client.ts";
import type { HttpRequest } from "../../../core/runtime/http_request.ts";

const s = suite("requests by HTTP/1.1");
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a server does with the n-th request on a connection: answers with a text, hangs, or closes it. */
type Server = (asked: string, turn: number) => string | "hang" | "close";

function world(server: Server, { connects = Infinity, idleMs = 60_000 } = {}) {
  const asked: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const connect = (): Promise<Socket> => {
    if (++connections > connects) return new Promise(() => {});
    let turn = 0;
    let ready: string[] = [];
    let wake = () => {};
    let isClosed = false;
    const socket: Socket = {
      write(bytes) {
        if (isClosed) return Promise.reject(new Error("closed"));
        const text = decoder.decode(bytes);
        asked.push(text);
        ready.push(server(text, turn++));
        wake();
        return Promise.resolve(bytes.length);
      },
      async read(into) {
        while (!isClosed && (ready.length === 0 || ready[0] === "hang")) await new Promise<void>((go) => wake = go);
        if (isClosed) throw new Error("closed");
        const next = ready.shift()!;
        if (next === "close") return null;
        const bytes = encoder.encode(next);
        into.set(bytes);
        return bytes.length;
      },
      close() {
        isClosed = true;
        ready = [];
        open.delete(socket);
        wake();
      },
    };
    open.add(socket);
    return Promise.resolve(socket);
  };
  const http = createHttpClient({ connect, host: "api:6443", idleMs, mostIdle: 2 });
  const send = (more: Partial<HttpRequest> = {}) =>
    http.send({ method: "GET", url: "https://api:6443/version?x=1", headers: { accept: "a/b" }, ...more });
  const told = async (more?: Partial<HttpRequest>) => await (await send(more).response).text();
  return { ...http, send, told, asked, open, connections: () => connections };
}
const ok = (body: string, more = "") => `HTTP/1.1 200 OK\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const message = (promise: Promise<unknown>) => promise.then(() => "none", (error: Error) => error.message);

s("a request is written as the RFC wants it, its length in bytes", async () => {
  const { told, asked, close } = world(() => ok("{}"));
  await told();
  assert.is(asked[0], "GET /version?x=1 HTTP/1.1\r\nhost: api:6443\r\naccept: a/b\r\n\r\n");
  await told({ method: "POST", body: "é" });
  assert.is(asked[1], "POST /version?x=1 HTTP/1.1\r\nhost: api:6443\r\naccept: a/b\r\ncontent-length: 2\r\n\r\né");
  await told({ method: "DELETE", headers: {} });
  assert.match(asked[2]!, /^DELETE .*content-length: 0\r\n\r\n$/s);
  close();
});

s("a header or a path with a line break is never sent", async () => {
  const { send, asked } = world(() => ok("{}"));
  assert.match(await message(send({ headers: { a: "b\r\nc: d" } }).response), "line break");
  assert.match(await message(send({ headers: { a: "b\r\n", c: "d" } }).response), "line break");
  assert.match(await message(send({ headers: { a: "b\n" } }).response), "line break");
  assert.match(await message(send({ url: "https://api:6443/a HTTP/1.1\nx: y" }).response), "line break");
  assert.equal(asked, []);
});

s("connections are kept, as many as may be, and go when nobody uses them", async () => {
  const { told, connections, open, close } = world(() => ok("{}"), { idleMs: 50 });
  for (let count = 0; count < 3; count++) await told();
  assert.is(connections(), 1);
  await Promise.all([told(), told(), told()]);
  assert.is(connections(), 3);
  assert.is(open.size, 2);
  await new Promise((done) => setTimeout(done, 200));
  assert.is(open.size, 0);
  await told();
  close();
  assert.is(open.size, 0);
});

s("a kept connection that ends without an answer is followed by a new one, once", async () => {
  const { told, asked, connections, close } = world((_, turn) => turn === 0 ? ok("{}") : "close");
  await told();
  assert.is(await told({ method: "PATCH", body: "x" }), "{}");
  assert.is(connections(), 2);
  assert.is(asked.filter((text) => text.startsWith("PATCH")).length, 2);
  close();
});

s("a new connection that ends without an answer is an error, and so is one that ends within it", async () => {
  const none = world(() => "close");
  assert.match(await message(none.told()), "without an answer");
  assert.is(none.connections(), 1);
  const half = world((_, turn) => turn === 0 ? ok("{}") : "HTTP/1.1 200 OK\r\nContent-");
  await half.told();
  const cut = half.send();
  setTimeout(() => cut.cut(), 20);
  assert.match(await message(cut.response), "given up");
  assert.is(half.connections(), 1);
  assert.is(half.open.size, 0);
});

s("what was begun and is not wanted any more ends: the connection, the answer and the body", async () => {
  const waits = world(() => ok("{}"), { connects: 0 });
  const connecting = waits.send();
  connecting.cut();
  assert.match(await message(connecting.response), "given up");

  const hangs = world(() => "hang");
  const asked = hangs.send();
  setTimeout(asked.cut, 20);
  assert.match(await message(asked.response), "given up");
  assert.is(hangs.open.size, 0);
  assert.is(hangs.connections(), 1);

  const slow = world(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  const body = slow.send();
  const response = await body.response;
  const text = response.text();
  setTimeout(body.cut, 20);
  assert.match(await message(text), "closed");
  assert.is(slow.open.size, 0);

  const left = world(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  (await left.send().response).cancel();
  assert.is(left.open.size, 0);
});

s("where a request on a kept connection gets no answer, the others that are kept are not tried", async () => {
  const { send, told, open, connections, close } = world((_, turn) => turn === 0 ? ok("{}") : "hang");
  await Promise.all([told(), told()]);
  const hung = send();
  hung.cut();
  assert.match(await message(hung.response), "given up");
  assert.is(open.size, 0);
  assert.is(await told(), "{}");
  assert.is(connections(), 3);
  close();
});

s("an answer that is over does not end its connection when it is cut late", async () => {
  const { send, open, close } = world(() => ok("{}"));
  const asked = send();
  const response = await asked.response;
  await response.text();
  asked.cut();
  response.cancel();
  assert.is(open.size, 1);
  close();
});

s.run();
