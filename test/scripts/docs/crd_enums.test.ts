import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withEnums } from "../../../scripts/docs/crd_enums.ts";

const s = suite("enums of the CRD");
const text = `a:
  enum: [x, y] # generated: letters
  b:
    enum: # generated: numbers
      - one
      - two
    enum: [z]
`;

s("values are written where they are marked, in the form that stands there", () => {
  assert.is(withEnums(text, { letters: ["x", "y"], numbers: ["one", "two"] }), text);
  const written = withEnums(text, { letters: ["q"], numbers: ["three"] });
  assert.is(written, text.replace("x, y", "q").replace("- one\n      - two", "- three"));
});

s("a name without values, and values without a name, are errors", () => {
  assert.throws(() => withEnums(text, { letters: ["x"] }), /nobody generates an enum numbers: there are letters/);
  assert.throws(() => withEnums("a: 1\n", { letters: ["x"] }), /there is no enum letters/);
});

s.run();
