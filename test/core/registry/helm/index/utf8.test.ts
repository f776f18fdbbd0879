import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { utf8Check } from "../../../../../core/registry/helm/index/read_bytes.ts";

const s = suite("check of UTF-8");

const byte = fc.constantFrom(0x41, 0x7f, 0x80, 0xbf, 0xc3, 0xe6, 0x97, 0xa5, 0xf0, 0x9f, 0x98, 0x80, 0xff);
const part = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => [...new TextEncoder().encode(text)]),
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }).map((text) => [...new TextEncoder().encode(text)]),
  fc.array(byte, { maxLength: 1 }),
);

s("says what a decoder says, however the bytes are cut", () => {
  let right = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat({ max: 9 }), { minLength: 1 }), (parts, sizes) => {
      const bytes = Uint8Array.from(parts.flat());
      let expected = true;
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch {
        expected = false;
      }
      const check = utf8Check();
      let said = true;
      for (let at = 0, turn = 0; at < bytes.length && said; turn++) {
        const size = sizes[turn % sizes.length]! + 1;
        said = check(bytes.subarray(at, at + size));
        at += size;
      }
      assert.is(said && check(), expected);
      if (expected) right++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(right > 500 && right < 2900, `${right} of 3000 were right`);
});

s.run();
