import { suite } from "uvu";
import * as assert from "uvu/assert";
import { commands } from "../../../ui/kubectl/commands.ts";
import { main } from "../../../ui/kubectl/main.ts";

const s = suite("kubectl headwind as one meets it");

async function run(...args: string[]) {
  const ran = { code: -1, out: "", err: "" };
  ran.code = await main({
    args,
    env: { HOME: "/nowhere", KUBECONFIG: "/nowhere/config" },
    isTerminal: false,
    write: (text) => void (ran.out += text),
    complain: (text) => void (ran.err += text),
  });
  return ran;
}

s("each command explains itself, with examples, without a cluster", async () => {
  for (const { name, flags } of commands) {
    for (const line of [[name, "-h"], [name, "--help"], ["help", name]]) {
      const { code, out, err } = await run(...line);
      assert.equal([code, err], [0, ""], line.join(" "));
      assert.match(out, new RegExp(`^usage: kubectl headwind ${name}\\b`));
      assert.match(out, new RegExp(`\nExamples:\n  kubectl headwind ${name}\\b`));
      for (const flag of flags) assert.match(out, `--${flag.name}`);
    }
  }
});

s("what there is, and what it is called", async () => {
  assert.equal((await run()).code, 2);
  assert.match((await run()).err, /^usage: kubectl headwind COMMAND/);
  const { code, out } = await run("-h");
  assert.is(code, 0);
  for (const { name } of commands) assert.match(out, new RegExp(`\n  ${name}\\b`));
  assert.match((await run("--version")).out, /^kubectl headwind \d/);
});

const wrong: [line: string, code: number, said: RegExp][] = [
  ["lst", 2, /^error: there is no command lst: is list meant\?\n$/],
  ["frobnicate", 2, /^error: there is no command frobnicate, see kubectl headwind -h\n$/],
  ["list --selectr a=b", 2, /^error: list has no flag --selectr: is --selector meant\?\n$/],
  ["why", 2, /^error: why wants WORKLOAD\n$/],
  ["list --as-group staff", 2, /^error: --as-group wants --as, too\n$/],
  ["list --as ann --as-group a --as-group b", 2, /^error: --as-group may be given once/],
  ["list", 1, /^error: the kubeconfig \/nowhere\/config cannot be read: /],
];
for (const [line, code, said] of wrong) {
  s(`wrong: ${line}`, async () => {
    const ran = await run(...line.split(" "));
    assert.equal([ran.code, ran.out], [code, ""], ran.err);
    assert.match(ran.err, said);
  });
}

s.run();
