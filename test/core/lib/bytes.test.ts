import { suite } from "uvu";
import * as assert from "uvu/assert";
import { concatBytes, decodeBase64, encodeBase64, readUpTo } from "../../../core/lib/bytes.ts";

const s = suite("bytes");
const bytes = (...values: number[]) => new Uint8Array(values);

function streamOf(chunks: Uint8Array<ArrayBuffer>[]) {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: () => void (cancelled = true),
  }, { highWaterMark: 0 });
  return { stream, isCancelled: () => cancelled };
}

s("several arrays become one", () => {
  assert.equal(concatBytes([]), bytes());
  assert.equal(concatBytes([bytes(1), bytes(), bytes(2, 3)]), bytes(1, 2, 3));
});

s("a stream is read whole up to the bound, and cancelled beyond it", async () => {
  assert.equal(await readUpTo(null, 0), bytes());
  const whole = streamOf([bytes(1, 2), bytes(3)]);
  const told: number[] = [];
  assert.equal(await readUpTo(whole.stream, 3, async (size) => void told.push(size)), bytes(1, 2, 3));
  assert.equal(told, [2, 1]);
  const long = streamOf([bytes(1, 2), bytes(3), bytes(4)]);
  assert.is(await readUpTo(long.stream, 2), undefined);
  assert.ok(long.isCancelled());
});

s("base64 is of UTF-8, and what is none is refused", () => {
  assert.is(encodeBase64("zoë:ß"), "em/DqzrDnw==");
  assert.equal(new TextDecoder().decode(decodeBase64("em/DqzrDnw==")), "zoë:ß");
  assert.throws(() => decodeBase64("%"));
});

s.run();
