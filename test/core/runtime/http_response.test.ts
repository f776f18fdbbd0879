import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createResponseReader } from "../../../core/runtime/http_response.ts";

const s = suite("answers of HTTP/1.1");
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A connection that sends these bytes, so many at a time, and ends. */
function sourceOf(text: string, sizes: readonly number[] = []) {
  const bytes = encoder.encode(text);
  let at = 0;
  let turn = 0;
  return {
    read(into: Uint8Array) {
      if (at === bytes.length) return Promise.resolve(null);
      const count = Math.min(
        into.length,
        bytes.length - at,
        sizes.length > 0 ? sizes[turn++ % sizes.length]! : Infinity,
      );
      into.set(bytes.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
  };
}

const one = async (text: string, sizes?: readonly number[]) => {
  let kept: boolean | undefined;
  const response = await createResponseReader(sourceOf(text, sizes)).next((stays) => kept = stays);
  return response && { status: response.status, text: await response.text(), kept };
};
const failure = async (text: string): Promise<string> => {
  try {
    return JSON.stringify(await one(text));
  } catch (error) {
    return (error as Error).message;
  }
};

s("a body is as long as its head says, and the connection is kept", async () => {
  assert.equal(await one("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), { status: 200, text: "{}", kept: true });
  assert.equal(await one("HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n"), { status: 404, text: "", kept: true });
  assert.equal(await one("HTTP/1.1 204 No Content\r\n\r\n"), { status: 204, text: "", kept: true });
});

s("a body in chunks, with extensions and a trailer", async () => {
  const text =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
  assert.equal(await one(text), { status: 200, text: "abc0123456789", kept: true });
});

s("a connection that is to be closed is not kept, nor one without a length, nor one that sends too much", async () => {
  const closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
  assert.equal(await one(closing), { status: 200, text: "{}", kept: false });
  assert.equal(await one("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"), { status: 200, text: "{}", kept: false });
  assert.equal(await one("HTTP/1.1 200 OK\r\n\r\nto the end"), { status: 200, text: "to the end", kept: false });
  assert.equal(await one("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more"), {
    status: 200,
    text: "{}",
    kept: false,
  });
  const unasked = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
  for (const head of ["200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "204 No Content\r\n\r\n"]) {
    assert.is((await one(`HTTP/1.1 ${head}${unasked}`))?.kept, false);
  }
});

s("what comes before the answer is passed over, and headers are found whatever their case", async () => {
  const text =
    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 429 Busy\r\nRETRY-AFTER:  7 \r\nContent-Length: 0\r\n\r\n";
  const response = await createResponseReader(sourceOf(text)).next(() => {});
  assert.equal([response?.status, response?.header("retry-after"), response?.header("after")], [429, "7", undefined]);
});

s("no answer is no error, half of one is, and so is what is no answer", async () => {
  assert.is(await one(""), undefined);
  assert.match(await failure("HTTP/1.1 200 OK\r\nContent-Le"), "closed within");
  assert.match(await failure("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), "closed within");
  assert.match(await failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"), "closed within");
  assert.match(
    await failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"),
    "longer than",
  );
  assert.match(await failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n"), "how long");
  assert.match(await failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), "encoded as");
  assert.match(await failure("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n"), "how long");
  assert.match(await failure("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "no HTTP/1.1");
  assert.match(await failure(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}\r\n\r\n`), "16 KiB");
});

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constant("é€𝄞".repeat(9000)),
  fc.string({ unit: "binary", maxLength: 99 }),
);
const answered = fc.record({
  body: text,
  chunked: fc.boolean(),
  cuts: fc.array(fc.nat({ max: 30_000 }), { maxLength: 4 }),
});

s("however the bytes of a connection are cut, its answers are the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(answered, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (all, sizes, inPieces) => {
        const wire = all.map(({ body, chunked, cuts }) => {
          const bytes = encoder.encode(body.toWellFormed());
          if (!chunked) return `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n${body.toWellFormed()}`;
          // between characters, since this is text
          const letters = [...body.toWellFormed()];
          const places = [0, ...cuts.map((cut) => Math.min(cut, letters.length)).sort((a, b) => a - b), letters.length];
          const parts = places.slice(1).map((to, at) => letters.slice(places[at], to).join("")).filter((part) =>
            part !== ""
          );
          const chunks = parts.map((part) => `${encoder.encode(part).length.toString(16)}\r\n${part}\r\n`);
          return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\n\r\n`;
        });
        const answers = createResponseReader(sourceOf(wire.join(""), sizes));
        for (const { body } of all) {
          const response = await answers.next(() => {});
          assert.is(inPieces ? await joined(response!.read) : await response!.text(), decoded(body));
        }
        assert.is(await answers.next(() => {}), undefined);
      },
    ),
    { numRuns: 60 },
  );
});

/** As UTF-8 without its mark is read. */
const decoded = (body: string) => decoder.decode(encoder.encode(body));

async function joined(read: () => Promise<Uint8Array | undefined>): Promise<string> {
  const parts: number[] = [];
  for (let part = await read(); part; part = await read()) for (const byte of part) parts.push(byte);
  return decoder.decode(Uint8Array.from(parts));
}

s.run();
