import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createCertificateCheck } from "../../../core/registry/helm/tls.ts";
import { noTrials, tryCertificate } from "../../../core/runtime/certificates.ts";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";

const s = suite("client certificates that are tried");

const names = { cert: "tls.crt", key: "tls.key" };
const pair = createAuthority("charts").client("ann");
const onDeno = "Deno" in globalThis;
const fuzz = fileURLToPath(new URL("./fuzzed_certificates.ts", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));

function run(args: string[]): Promise<{ status: number | null; text: string }> {
  const child = spawn(process.execPath, [...(onDeno ? ["run", "--quiet"] : ["--no-warnings"]), ...args], { cwd: root });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => text += String(piece));
  return new Promise((done) => child.once("close", (status) => done({ status, text })));
}

s("none of the damaged ones ends the process", async () => {
  const { status, text } = await run([...(onDeno ? ["--allow-all"] : []), fuzz, "1", "24"]);
  assert.is(status, 0, text);
  const { used, refused } = JSON.parse(text.trim().split("\n").at(-1)!);
  assert.ok(used > 0, text);
  assert.ok(refused > 0, text);
});

s("one that is good is taken", async () => assert.is(await tryCertificate(pair, names), undefined));

s("each content is tried once; what could not be tried, again", async () => {
  const asked: string[] = [];
  const check = createCertificateCheck((one) => {
    asked.push(one.key);
    return one.key === "slow" ? Promise.reject(new Error("it took too long")) : Promise.resolve("a fault");
  });
  const of = (namespace: string, key: string) => check(namespace, { cert: "c", key }, names);
  assert.equal(await Promise.all([of("a", "k"), of("b", "k"), of("a", "k")]), ["a fault", "a fault", "a fault"]);
  assert.is(await of("a", "slow"), "a tls.crt that could not be tried: it took too long");
  assert.is(await of("a", "slow"), "a tls.crt that could not be tried: it took too long");
  assert.equal(asked, ["k", "slow", "slow"]);
});

if (onDeno) {
  s("without the permission to run Deno, it is told which flag is missing", async () => {
    assert.is(noTrials(), undefined);
    // not by node:child_process, which passes this process's permissions on
    const args = ["run", "--quiet", "--no-prompt", fuzz, "noTrials"];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    assert.match(new TextDecoder().decode(stdout), /--allow-run=\/\S*deno/);
  });
}

s.run();
