import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { suite } from "uvu";
import { createSessionKeys, parseSessionKeys, readClientSecret } from "../../../core/app/session_keys.ts";
import { recordedLog } from "../../support/recorded_log.ts";

const s = suite("keys that sessions are sealed with");
const first = "a-first-key-of-at-least-32-characters";
const second = "a-second-key-of-at-least-32-characters";
let dir: string;
let file: string;

s.before.each(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-keys-"));
  file = join(dir, "keys");
});
s.after.each(() => rm(dir, { recursive: true }));

s("one or two lines, each a key of 32 bytes; the same line is the same key on each replica", () => {
  const both = parseSessionKeys(`${first}\n\n# the one before\n  ${second}\n`);
  assert.equal(both.map((key) => key.length), [32, 32]);
  assert.equal(parseSessionKeys(first), [both[0]!]);
  assert.not.equal(both[0], both[1]);
});

for (
  const [what, text, said] of [
    ["none", "\n# nothing\n", "it has 0"],
    ["three", `${first}\n${second}\n${first}x`, "it has 3"],
    ["one that can be guessed", `${first}\nshort`, "key 2 has fewer than 32 characters"],
  ] as const
) {
  s(
    `${what} is a mistake`,
    () => assert.throws(() => parseSessionKeys(text), (error: Error) => error.message.includes(said)),
  );
}

s("without a file each process has its own, the same all the time", async () => {
  const { log } = recordedLog();
  const [one, other] = [
    await createSessionKeys({ file: undefined, log }),
    await createSessionKeys({ file: undefined, log }),
  ];
  assert.equal(await one(), await one());
  assert.not.equal(await one(), await other());
});

s("the file is read again, and what is wrong with it then is told once and changes nothing", async () => {
  const { log, lines } = recordedLog();
  let now = 0;
  await writeFile(file, first);
  const keys = await createSessionKeys({ file, log, freshMs: 1000, now: () => now });
  await writeFile(file, `${second}\n${first}`);
  assert.equal(await keys(), parseSessionKeys(first), "not before it is time");
  now += 1000;
  assert.equal(await keys(), parseSessionKeys(`${second}\n${first}`));
  await writeFile(file, "short");
  for (let count = 0; count < 3; count++) {
    now += 1000;
    assert.equal(await keys(), parseSessionKeys(`${second}\n${first}`));
  }
  assert.is(lines.length, 1);
  assert.not.match(JSON.stringify(lines), "short\\");
});

s("a client's secret is one line", async () => {
  await writeFile(file, "the secret\n");
  assert.is(await readClientSecret(file), "the secret");
  for (const text of ["", "two\nlines"]) {
    await writeFile(file, text);
    const error = await readClientSecret(file).then(() => undefined, (thrown: Error) => thrown);
    assert.match(error?.message ?? "", "HEADWIND_UI_OIDC_CLIENT_SECRET_FILE");
  }
});

s.run();
