import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withDescriptions, withEnums } from "../../../scripts/docs/crd_enums.ts";

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

s("a description of several lines is written where it is marked, and its indentation stays", () => {
  const crd = "phase:\n  description: |- # generated: phases\n    Old.\n    Older.\n  enum: [a]\n";
  const written = "phase:\n  description: |- # generated: phases\n    One.\n    Two.\n  enum: [a]\n";
  assert.is(withDescriptions(crd, { phases: "One.\nTwo." }), written);
  assert.is(withDescriptions(written, { phases: "One.\nTwo." }), written);
  assert.throws(() => withDescriptions(crd, {}), /nobody generates a description phases/);
  assert.throws(() => withDescriptions("", { phases: "" }), /there is no description phases/);
});

s.run();
