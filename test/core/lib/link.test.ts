import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nextLink } from "../../../core/lib/http_headers.ts";

const s = suite("Link");

const cases: [string | null, string | undefined][] = [
  [null, undefined],
  [`</v2/app/tags/list?n=2&last=b>; rel="next"`, "/v2/app/tags/list?n=2&last=b"],
  [`</a,b;c>;rel=next`, "/a,b;c"],
  [`</a>; rel="prev", </b>; title="x, <y>; rel=next" ; rel="NEXT last"`, "/b"],
  [`</a>; rel="prev"; rel="next"`, undefined],
  [`</a>; rel="nextish"`, undefined],
  [`</a>`, undefined],
  [`rel="next"`, undefined],
  [`</a; rel="next"`, undefined],
];
for (const [header, expected] of cases) s(`${header}`, () => assert.is(nextLink(header), expected));

s("any text is read to its end", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ae<>=," \\;') }), (text) => {
    nextLink(text);
  }));
});

s.run();
