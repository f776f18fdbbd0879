import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { createWebhookSecrets, parseWebhookSecrets, provesRepository } from "../../../core/server/webhook_proof.ts";
import { recordedLog } from "../../support/recorded_log.ts";

const s = suite("secrets of webhooks by prefix");
const secret = "a-secret-of-the-tests";

s("lines of prefix=secret, canonical", () => {
  const text = `# of teams
Reg.Example/team/=${secret}
  localhost:5000 = ${secret}==

index.docker.io/shop=${secret}\r
[fd00::1]:5000/a=${secret}
*=${secret}
`;
  assert.equal(parseWebhookSecrets(text), [
    { prefix: "reg.example/team", secret },
    { prefix: "localhost:5000", secret: `${secret}==` },
    { prefix: "docker.io/shop", secret },
    { prefix: "[fd00::1]:5000/a", secret },
    { prefix: "", secret },
  ]);
});

s("an official image has its secret by either of its names", () => {
  for (const prefix of ["docker.io/nginx", "docker.io/library/nginx", "index.docker.io/library"]) {
    const all = parseWebhookSecrets(`*=of-all-${secret}\n${prefix}=${secret}`);
    const [ofAll, own] = [all.slice(0, 1), all.slice(1)];
    assert.is(provesRepository("docker.io/library/nginx", own, all), true, prefix);
    assert.is(provesRepository("docker.io/library/nginx", ofAll, all), false, prefix);
    assert.is(provesRepository("docker.io/team/nginx", ofAll, all), true, prefix);
  }
});

const wrong: [string, string | RegExp][] = [
  [secret, "line 1 is not prefix=secret"],
  [`\nteam/app=${secret}`, "line 2 begins with no prefix"],
  [`=${secret}`, "line 1 begins with no prefix"],
  [`reg.example//app=${secret}`, "line 1 begins with no prefix"],
  [`https://reg.example/app=${secret}`, "line 1 begins with no prefix"],
  ["reg.example/team=fifteen-letters", "line 1 has a secret of less than 16 characters"],
  [`reg.example=${secret}\n`.repeat(101), "more than 100 secrets"],
];
for (const [text, said] of wrong) {
  s(`refused, without the secret: ${said}`, () => {
    assert.throws(() => parseWebhookSecrets(text), (error: Error) => {
      assert.not.match(error.message, secret);
      assert.not.match(error.message, "fifteen");
      return error.message.includes(String(said));
    });
  });
}

s("the file is read again when it changes; one that is broken leaves the secrets, and is told once", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-secrets-"));
  const file = join(dir, "webhooks");
  const { log, lines } = recordedLog();
  let now = 0;
  const write = (text: string) => writeFile(file, text);
  const options = { secret, file, log, now: () => now };
  const absent = await createWebhookSecrets(options).then(() => undefined, (error: Error) => error.message);
  assert.match(absent!, "HEADWIND_WEBHOOK_SECRETS_FILE");
  await write(`reg.example/a=${secret}`);
  const secrets = await createWebhookSecrets(options);
  const prefixes = async () => (await secrets()).map(({ prefix }) => prefix);
  assert.equal(await prefixes(), ["reg.example/a", ""]);
  await write(`reg.example/b=${secret}`);
  assert.equal(await prefixes(), ["reg.example/a", ""]);
  now = 10_000;
  assert.equal(await prefixes(), ["reg.example/b", ""]);
  await write("reg.example/c=short");
  for (now = 20_000; now < 50_000; now += 10_000) assert.equal(await prefixes(), ["reg.example/b", ""]);
  assert.equal(lines.map(({ level }) => level), ["warn"]);
  assert.not.match(JSON.stringify(lines), secret);
  await write(`reg.example/c=${secret}`);
  assert.equal(await prefixes(), ["reg.example/c", ""]);
  await rm(dir, { recursive: true });
});

s.run();
