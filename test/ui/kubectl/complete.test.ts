import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { commands } from "../../../ui/kubectl/commands.ts";
import { complete } from "../../../ui/kubectl/offers.ts";
import { completionScripts } from "../../../ui/kubectl/completion_scripts.ts";
import { wantedOf } from "../../../ui/kubectl/complete.ts";

const s = suite("completion");
const run = promisify(execFile);

/** The last word of a line is what is being written; a space at its end begins a new one. */
const wanted = (line: string) => wantedOf(line.split(" "), commands);
const texts = (line: string) =>
  wanted(line).fixed.map(([text]) => text).filter((text) => text.startsWith(wanted(line).start));

s("commands, wherever they may stand", () => {
  assert.ok(texts("").length === commands.length);
  assert.equal(texts("re"), ["reject", "resume", "retry"]);
  assert.equal(texts("-n shop ho"), ["hold"]);
  assert.equal(texts("list "), []);
  assert.equal(texts("frob "), []);
});

s("flags: those of the command, and those that may stand before it", () => {
  assert.equal(texts("list --al"), ["--all-namespaces", "--all"]);
  assert.equal(texts("rollback web --t"), ["--to"]);
  assert.equal(texts("--na"), ["--namespace"]);
  assert.equal(texts("--dry"), []);
});

s("values of flags", () => {
  assert.equal(texts("list -o "), ["wide", "name", "json", "yaml"]);
  assert.equal(texts("list -o y"), ["yaml"]);
  assert.equal(texts("completion "), ["bash", "zsh", "fish"]);
  const inline = wanted("why web --output=j");
  assert.equal([inline.before, inline.start, inline.fixed.map(([text]) => text)], [
    "--output=",
    "j",
    ["wide", "json", "yaml"],
  ]);
  for (const [line, offer] of [["list -n ", "namespace"], ["--context ", "context"], ["why --kubeconfig ", "file"]]) {
    assert.is(wanted(line!).dynamic, offer, line);
  }
});

s("names, by what the command wants there", () => {
  const cases: [string, string | undefined][] = [
    ["approve ", "undecided request"],
    ["reject a ", undefined],
    ["retry ", "ended request"],
    ["why ", "workload"],
    ["why deploy/web ", "container"],
    ["why deploy/web app ", undefined],
    ["rollback web app --to ", "version of the history"],
    ["hold web --version=", "offered version"],
    ["resume -n shop web --version ", "held version"],
  ];
  for (const [line, offer] of cases) assert.is(wanted(line).dynamic, offer, line);
  const { arguments: given, flags } = wanted("resume -n shop --context=there web app --version ");
  assert.equal([...given], [["WORKLOAD", "web"], ["CONTAINER", "app"]]);
  assert.equal([...flags], [["namespace", "shop"], ["context", "there"]]);
});

s("it answers as cobra's programs do, also where no cluster can be asked", async () => {
  assert.is(await complete(["list", "-o", "y"], commands, {}), "yaml\n:4");
  assert.is(await complete(["why", ""], commands, { KUBECONFIG: "/nowhere" }), ":4");
  assert.is(await complete(["list", "--kubeconfig", ""], commands, {}), ":0");
  assert.match(await complete(["his"], commands, {}), /^history\tShows the changes .*\n:4$/);
});

s("contexts are read from all files of the kubeconfig", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-complete-"));
  const file = async (name: string, ...contexts: string[]) => {
    const path = join(dir, name);
    await writeFile(path, JSON.stringify({ contexts: contexts.map((name) => ({ name })) }));
    return path;
  };
  const KUBECONFIG = [await file("a", "one", "two"), join(dir, "gone"), await file("b", "two", "three")].join(":");
  assert.is(await complete(["list", "--context", ""], commands, { KUBECONFIG }), "one\ntwo\nthree\n:4");
  await rm(dir, { recursive: true });
});

s("bash is offered what is right, also behind an equals sign or a colon", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-complete-"));
  const program = join(dir, "kubectl-headwind");
  await writeFile(
    program,
    '#!/bin/sh\nshift\necho "args: $*" >&2\nfor last; do :; done\nprintf "%s1\\thelp\\n%s2\\n:4\\n" "$last" "$last"\n',
  );
  await chmod(program, 0o755);
  const offered = async (line: string, ...words: string[]) => {
    const script = `${completionScripts.bash}
COMP_LINE=${quoted(line)} COMP_POINT=${line.length} COMP_CWORD=${words.length - 1} COMP_WORDS=(${
      words.map(quoted).join(" ")
    })
__kubectl_headwind; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run("bash", ["-c", script], { env: { PATH: `${dir}:${process.env.PATH}` } });
    return stdout.trimEnd().split("\n");
  };
  assert.equal(await offered("kubectl-headwind li", "kubectl-headwind", "li"), ["li1", "li2"]);
  assert.equal(await offered("kubectl-headwind list ", "kubectl-headwind", "list", ""), ["1", "2"]);
  assert.equal(await offered("kubectl-headwind why --output=j", "kubectl-headwind", "why", "--output", "=", "j"), [
    "j1",
    "j2",
  ]);
  assert.equal(await offered("kubectl-headwind why --output=", "kubectl-headwind", "why", "--output", "="), ["1", "2"]);
  assert.equal(await offered("kubectl-headwind x a:b", "kubectl-headwind", "x", "a", ":", "b"), ["b1", "b2"]);
  await rm(dir, { recursive: true });
});

s("there is a script for each shell, which bash at least can read", async () => {
  assert.equal(Object.keys(completionScripts), ["bash", "zsh", "fish"]);
  await run("bash", ["-n", "-c", completionScripts.bash!]);
});

const quoted = (text: string) => `'${text}'`;

s.run();
