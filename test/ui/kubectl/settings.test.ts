import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readSettings } from "../../../ui/kubectl/settings.ts";

const s = suite("settings that kubectl headwind shares with Headwind");

s("each means the same here, and others mean nothing", () => {
  const read = readSettings({
    HEADWIND_INSECURE_REGISTRIES: "a.example, b.example:5000",
    HEADWIND_HELM_AUTO_DISCOVERY: "false",
    HEADWIND_WEBHOOK_PORT: "none",
  });
  assert.equal(read.HEADWIND_INSECURE_REGISTRIES, ["a.example", "b.example:5000"]);
  assert.is(read.HEADWIND_HELM_AUTO_DISCOVERY, false);
  assert.is(readSettings({}).HEADWIND_HELM_AUTO_DISCOVERY, true);
});

s("what cannot be read is named", () => {
  assert.throws(() => readSettings({ HEADWIND_HELM_INDEX_LIMIT: "much" }), /^ *HEADWIND_HELM_INDEX_LIMIT: .*"much"/m);
});

s.run();
