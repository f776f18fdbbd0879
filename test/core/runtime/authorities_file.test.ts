import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";
import { readAuthorities } from "../../../core/runtime/certificates.ts";

const s = suite("a file of authorities that a setting names");

const [one, other] = [createAuthority("one"), createAuthority("other")];
const good: [what: string, text: string][] = [
  ["one", one.cert],
  ["several, with words in between", `# one\n${one.cert}\n# other\n${other.cert}`],
];
const bad: [what: string, text: string, says: string][] = [
  ["nothing", "", "no certificate in PEM"],
  ["a page", "<html>not found</html>", "no certificate in PEM"],
  ["a key", one.key, "no certificate in PEM"],
  ["bytes that are no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate"],
  ["half of one", one.cert.slice(0, one.cert.length / 2), "no certificate in PEM"],
];

let dir: string;
s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-authorities-"));
});
s.after(() => rm(dir, { recursive: true }));

async function read(text: string): Promise<string> {
  const path = join(dir, "ca.pem");
  await writeFile(path, text);
  return await readAuthorities("HEADWIND_REGISTRY_CA", path).catch((error: Error) => error.message);
}

for (const [what, text] of good) s(what, async () => assert.is(await read(text), text));
for (const [what, text, says] of bad) {
  s(`${what}: the setting and the file are named`, async () => {
    const message = await read(text);
    assert.match(message, /^HEADWIND_REGISTRY_CA: .*ca\.pem is a file that /);
    assert.match(message, says);
  });
}

s("a file that is not there", async () => {
  const message = await readAuthorities("HEADWIND_REGISTRY_CA", join(dir, "none.pem")).catch(({ message }) => message);
  assert.match(message, /^HEADWIND_REGISTRY_CA: .*none\.pem/);
});

s.run();
