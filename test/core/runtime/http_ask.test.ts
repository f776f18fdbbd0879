import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createHttpAsk, type Socket } from "../../../core/runtime/http_ask.ts";
import type { Question } from "../../../core/runtime/ask.ts";

const s = suite("questions by HTTP/1.1");
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a server does with the n-th question on a connection: answers with a text, hangs, or closes it. */
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
  const http = createHttpAsk({ connect, host: "api:6443", idleMs, mostIdle: 2 });
  const ask = (more: Partial<Question> = {}) =>
    http.ask({ method: "GET", url: "https://api:6443/version?x=1", headers: { accept: "a/b" }, ...more });
  const told = async (more?: Partial<Question>) => await (await ask(more).answer).text();
  return { ...http, ask, told, asked, open, connections: () => connections };
}
const ok = (body: string, more = "") => `HTTP/1.1 200 OK\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const message = (promise: Promise<unknown>) => promise.then(() => "none", (error: Error) => error.message);

s("a question is written as the RFC wants it, its length in bytes", async () => {
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
  const { ask, asked } = world(() => ok("{}"));
  assert.match(await message(ask({ headers: { a: "b\r\nc: d" } }).answer), "line break");
  assert.match(await message(ask({ headers: { a: "b\r\n", c: "d" } }).answer), "line break");
  assert.match(await message(ask({ headers: { a: "b\n" } }).answer), "line break");
  assert.match(await message(ask({ url: "https://api:6443/a HTTP/1.1\nx: y" }).answer), "line break");
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
  const cut = half.ask();
  setTimeout(() => cut.cut(), 20);
  assert.match(await message(cut.answer), "given up");
  assert.is(half.connections(), 1);
  assert.is(half.open.size, 0);
});

s("what was begun and is not wanted any more ends: the connection, the answer and the body", async () => {
  const waits = world(() => ok("{}"), { connects: 0 });
  const connecting = waits.ask();
  connecting.cut();
  assert.match(await message(connecting.answer), "given up");

  const hangs = world(() => "hang");
  const asked = hangs.ask();
  setTimeout(asked.cut, 20);
  assert.match(await message(asked.answer), "given up");
  assert.is(hangs.open.size, 0);
  assert.is(hangs.connections(), 1);

  const slow = world(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  const body = slow.ask();
  const answer = await body.answer;
  const text = answer.text();
  setTimeout(body.cut, 20);
  assert.match(await message(text), "closed");
  assert.is(slow.open.size, 0);

  const left = world(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  (await left.ask().answer).cancel();
  assert.is(left.open.size, 0);
});

s("where a question on a kept connection gets no answer, the others that are kept are not tried", async () => {
  const { ask, told, open, connections, close } = world((_, turn) => turn === 0 ? ok("{}") : "hang");
  await Promise.all([told(), told()]);
  const hung = ask();
  hung.cut();
  assert.match(await message(hung.answer), "given up");
  assert.is(open.size, 0);
  assert.is(await told(), "{}");
  assert.is(connections(), 3);
  close();
});

s("an answer that is over does not end its connection when it is cut late", async () => {
  const { ask, open, close } = world(() => ok("{}"));
  const asked = ask();
  const answer = await asked.answer;
  await answer.text();
  asked.cut();
  answer.cancel();
  assert.is(open.size, 1);
  close();
});

s.run();
