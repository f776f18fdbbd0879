import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "node:net";
import { directBody, type Sink } from "../../../core/runtime/direct_body.ts";
import { serve } from "../../../core/runtime/serve.ts";

const s = suite("bodies that are written directly");
const hostname = "127.0.0.1";
const bytes = (text: string) => new TextEncoder().encode(text);
const events = { headers: { "content-type": "text/event-stream" } };

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A server of one such body. */
async function served(limits = {}) {
  const sinks: Sink[] = [];
  const refused: string[] = [];
  let closed = 0;
  const server = await serve({
    hostname,
    port: 0,
    graceMs: 50,
    limits,
    onRefused: (why) => refused.push(why),
    fetch: (request) =>
      request.url.endsWith("/text")
        ? new Response("x".repeat(50 << 20))
        : new Response(directBody((sink) => (sinks.push(sink), () => void closed++)), events),
  });
  const url = `http://127.0.0.1:${server.port}/`;
  return { server, url, sinks, refused, closed: () => closed };
}

s("pieces come as they are written, and its end ends the answer", async () => {
  const { server, url, sinks, closed } = await served();
  const answer = await fetch(url);
  assert.is(answer.headers.get("content-type"), "text/event-stream");
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  for (const piece of ["a", "ä"]) {
    sinks[0]!.write(bytes(piece));
    assert.is(decoder.decode((await reader.read()).value), piece);
  }
  sinks[0]!.end();
  assert.is((await reader.read()).done, true);
  await until(() => closed() === 1);
  sinks[0]!.write(bytes("late"));
  sinks[0]!.end();
  await server.stop();
  assert.is(closed(), 1);
});

s("it is told when nobody reads on", async () => {
  const { server, url, sinks, closed } = await served();
  const leave = new AbortController();
  await fetch(url, { signal: leave.signal }).then(({ body }) => body);
  sinks[0]!.write(bytes("a"));
  leave.abort();
  await until(() => closed() === 1);
  await server.stop();
});

s("what is not taken waits, is counted, and can be let go with its connection", async () => {
  const { server, sinks, closed } = await served();
  const socket = connect(server.port, hostname);
  socket.on("error", () => {});
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await until(() => sinks.length === 1);
  for (let count = 0; count < 200 && sinks[0]!.waiting() < 1 << 20; count++) {
    sinks[0]!.write(new Uint8Array(1 << 18));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.ok(sinks[0]!.waiting() >= 1 << 20, String(sinks[0]!.waiting()));
  sinks[0]!.destroy();
  await until(() => closed() === 1);
  socket.destroy();
  await server.stop();
});

s("an answer that nobody takes does not hold its connection for ever", async () => {
  const { server, refused } = await served({ takeMs: 300 });
  const socket = connect(server.port, hostname);
  socket.on("error", () => {});
  socket.pause();
  socket.write("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
  let gone = false;
  socket.on("close", () => gone = true);
  await until(() => refused.length > 0);
  assert.equal(refused, ["late"]);
  socket.resume();
  let taken = 0;
  socket.on("data", (piece: Uint8Array) => taken += piece.length);
  await until(() => gone);
  assert.ok(taken < 50 << 20, `${taken} bytes were sent`);
  await server.stop();
});

s("an answer to whom left meanwhile is not waited for", async () => {
  let answer: ((response: Response) => void) | undefined;
  const refused: string[] = [];
  const server = await serve({
    hostname,
    port: 0,
    graceMs: 50,
    limits: { takeMs: 1 },
    onRefused: (why) => refused.push(why),
    fetch: () => new Promise<Response>((resolve) => answer = resolve),
  });
  const leave = new AbortController();
  const left = fetch(`http://127.0.0.1:${server.port}/`, { signal: leave.signal }).catch(() => {});
  await until(() => answer !== undefined);
  leave.abort();
  await left;
  await new Promise((resolve) => setTimeout(resolve, 100));
  answer!(new Response("late"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(refused, []);
  await server.stop();
});

s("for who reads it as a stream it is one", async () => {
  const sinks: Sink[] = [];
  let closed = 0;
  const reader = directBody((sink) => (sinks.push(sink), () => void closed++)).getReader();
  const first = reader.read();
  await until(() => sinks.length === 1);
  sinks[0]!.write(bytes("abc"));
  assert.equal((await first).value, bytes("abc"));
  sinks[0]!.write(bytes("de"));
  sinks[0]!.write(bytes("f"));
  assert.is(sinks[0]!.waiting(), 3);
  await reader.read();
  assert.is(sinks[0]!.waiting(), 1);
  await reader.cancel();
  assert.is(closed, 1);
  sinks[0]!.write(bytes("late"));
  sinks[0]!.destroy();
  assert.is(closed, 1);
});

s("one whose reader is cut off errs", async () => {
  const sinks: Sink[] = [];
  const reader = directBody((sink) => (sinks.push(sink), () => {})).getReader();
  const read = reader.read();
  await until(() => sinks.length === 1);
  sinks[0]!.destroy();
  assert.match(await read.catch((error: Error) => error.message) as string, /closed/);
});

s.run();
