import { Buffer } from "node:buffer";
import { get, type IncomingMessage } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { serve } from "../../../core/runtime/serve.ts";

const s = suite("HTTP server and client of the runtime");
const hostname = "127.0.0.1";

s("a free port, a body there and back", async () => {
  const server = await serve({
    hostname,
    port: 0,
    fetch: async (request) => new Response(`got ${await request.text()}`),
  });
  const client = createFetch();
  const answer = await client.fetch(`http://127.0.0.1:${server.port}/`, { method: "POST", body: "ä" });
  assert.is(await answer.text(), "got ä");
  client.close();
  await server.stop();
});

s("a text that is packed comes as its bytes, with their length", async () => {
  const packed = new Uint8Array(gzipSync("packed"));
  const headers = { "content-type": "text/html; charset=utf-8", "content-encoding": "gzip" };
  const server = await serve({ hostname, port: 0, fetch: () => new Response(packed, { headers }) });
  const answer = await new Promise<IncomingMessage>((resolve) => get(`http://127.0.0.1:${server.port}/`, resolve));
  const bytes = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>));
  assert.is(answer.headers["content-length"], String(packed.byteLength));
  assert.is(gunzipSync(bytes).toString(), "packed");
  await server.stop();
});

s("all addresses when none is named", async () => {
  const server = await serve({ port: 0, fetch: () => new Response("here") });
  const client = createFetch();
  assert.is(await (await client.fetch(`http://127.0.0.1:${server.port}/`)).text(), "here");
  client.close();
  await server.stop();
});

s("a taken port is told in a sentence", async () => {
  const server = await serve({ hostname, port: 0, fetch: () => new Response() });
  const again = serve({ hostname, port: server.port, fetch: () => new Response() });
  assert.is(
    await again.catch((error: Error) => error.message),
    `127.0.0.1, port ${server.port} is taken by another process`,
  );
  await server.stop();
});

s("stop lets what is in hand finish", async () => {
  let go = () => {};
  let begun = () => {};
  const started = new Promise<void>((resolve) => begun = resolve);
  const server = await serve({
    hostname,
    port: 0,
    async fetch() {
      begun();
      await new Promise<void>((resolve) => go = resolve);
      return new Response("finished");
    },
  });
  const client = createFetch();
  const asked = client.fetch(`http://127.0.0.1:${server.port}/`).then((answer) => answer.text());
  await started;
  const stopped = server.stop();
  setTimeout(() => go(), 50);
  assert.is(await asked, "finished");
  await stopped;
  const refused = await client.fetch(`http://127.0.0.1:${server.port}/`).then(() => false, () => true);
  assert.ok(refused);
  client.close();
});

s("stop does not wait for ever for what does not end", async () => {
  const server = await serve({
    hostname,
    port: 0,
    graceMs: 100,
    fetch: () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("a")) })),
  });
  const client = createFetch();
  const leave = new AbortController();
  const answer = await client.fetch(`http://127.0.0.1:${server.port}/`, { signal: leave.signal });
  const read = answer.text().then(() => {}, () => {});
  await server.stop();
  leave.abort();
  await read;
  client.close();
});

s("an unverified server is refused on Deno only", () => {
  const make = () => createFetch({ insecureSkipVerify: true }).close();
  if ("Deno" in globalThis) assert.throws(make, /cannot be left unverified on Deno/);
  else make();
});

s.run();
