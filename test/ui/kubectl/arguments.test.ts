import { suite } from "uvu";
import * as assert from "uvu/assert";
import { commandIndex, readArguments } from "../../../ui/kubectl/arguments.ts";
import { commands } from "../../../ui/kubectl/commands.ts";
import { UsageError } from "../../../ui/kubectl/errors.ts";

const s = suite("kubectl headwind's arguments");

const read = (line: string) => {
  const args = line.split(" ");
  const at = commandIndex(args)!;
  return readArguments(commands.find(({ name }) => name === args[at])!, args.filter((_, index) => index !== at));
};

const good: [line: string, args: Record<string, string>, flags: Record<string, string>][] = [
  ["list -A", {}, { "all-namespaces": "" }],
  ["list -A -o wide --all", {}, { "all-namespaces": "", output: "wide", all: "" }],
  ["-n shop list", {}, { namespace: "shop" }],
  ["--namespace=shop --no-color list", {}, { namespace: "shop", "no-color": "" }],
  ["--context there -o json list", {}, { context: "there", output: "json" }],
  ["list -nshop", {}, { namespace: "shop" }],
  ["approve web-1 --dry-run", { NAME: "web-1" }, { "dry-run": "" }],
  ["approve --dry-run=server web-1", { NAME: "web-1" }, { "dry-run": "" }],
  ["reject web-1 broken", { NAME: "web-1", REASON: "broken" }, {}],
  ["rollback deploy/web app --to 1.0.0", { WORKLOAD: "deploy/web", CONTAINER: "app" }, { to: "1.0.0" }],
  ["hold web --reason=-5%", { WORKLOAD: "web" }, { reason: "-5%" }],
  ["why web -h", { WORKLOAD: "web" }, { help: "" }],
  ["approve -h", {}, { help: "" }],
];
for (const [line, args, flags] of good) {
  s(line, () => {
    const got = read(line);
    assert.equal(Object.fromEntries(got.arguments), args);
    assert.equal(Object.fromEntries(got.flags), flags);
  });
}

const bad: [line: string, message: string][] = [
  ["approve", "approve wants NAME"],
  ["approve a b", "b is too much for approve"],
  ["reject a not yet", "yet is too much for reject; a reason of several words wants quotes"],
  ["list web", "web is too much for list"],
  ["list -o xml", "list cannot print xml: -o is one of wide, name, json, yaml"],
  ["why web -o name", "why cannot print name: -o is one of wide, json, yaml"],
  ["list --al", "list has no flag --al: is --all meant?"],
  ["list -x", "list has no flag -x"],
  ["approve web-1 -A", "approve is about one namespace: name it by -n"],
  ["list --dry-run", "list has no flag --dry-run"],
  ["approve a --dry-run=client", "--dry-run is done by the API server: --dry-run=client is not"],
  ["list --all=yes", "--all takes no value"],
  ["list -n", "-n wants a value: NAMESPACE"],
  ["rollback web --to", "--to wants a value: IMAGE|TAG"],
  ["hold web --reason --dry-run", "--reason wants a value; if it is --dry-run, write --reason=--dry-run"],
];
for (const [line, message] of bad) {
  s(`refused: ${line}`, () => {
    assert.throws(() => read(line), (error: Error) => error instanceof UsageError && error.message === message);
  });
}

s("a line without a command has none, and values of flags are not taken for one", () => {
  for (const line of ["", "-n list", "--context list -A", "--", "-h"]) {
    assert.is(commandIndex(line.split(" ").filter((word) => word)), undefined, line);
  }
  assert.is(commandIndex(["-n", "list", "why"]), 2);
});

s("all commands have names, flags and examples of their own", () => {
  assert.is(new Set(commands.map(({ name }) => name)).size, commands.length);
  for (const command of commands) {
    for (const example of command.examples) {
      const args = example.split(" > ")[0]!.match(/'[^']*'|"[^"]*"|\S+/g)!;
      assert.is(args[0], command.name, example);
      readArguments(command, args.slice(1));
    }
  }
});

s.run();
