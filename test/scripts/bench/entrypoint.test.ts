import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readEntrypoint } from "../../../scripts/bench/entrypoint.ts";

const s = suite("entry point of the image");
const places = { app: "/tmp/here", serviceAccount: "/tmp/account" };

s("the image's folders become this machine's", () => {
  const dockerfile = `FROM a AS build
ENV NOT=this
FROM b
ENV DENO_DIR=/nonexistent NO_COLOR=1
ENTRYPOINT ["/usr/local/bin/deno", "run", "--no-prompt", "--allow-read=/app,/etc/headwind,/var/run/secrets", "/app/headwind.js"]
`;
  assert.equal(readEntrypoint(dockerfile, places), {
    args: ["run", "--no-prompt", "--allow-read=/tmp/here,/etc/headwind,/tmp/account", "/tmp/here/headwind.js"],
    env: { DENO_DIR: "/nonexistent", NO_COLOR: "1" },
  });
});

s("the Dockerfile that is there can be read", () => {
  const { args } = readEntrypoint(readFileSync(new URL("../../../deploy/Dockerfile", import.meta.url), "utf8"), places);
  assert.is(args[0], "run");
  assert.is(args.at(-1), "/tmp/here/headwind.js");
  assert.ok(args.some((arg) => arg.startsWith("--allow-read=") && arg.includes("/tmp/account")));
});

s("another way to start is refused", () => {
  assert.throws(() => readEntrypoint("FROM a\n", places), /no ENTRYPOINT/);
  assert.throws(() => readEntrypoint('FROM a\nENTRYPOINT ["/bin/node", "x"]\n', places), /runs \/bin\/node/);
});

s.run();
