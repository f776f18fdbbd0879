import { suite } from "uvu";
import * as assert from "uvu/assert";
import { defineNotifier, defineTrigger, type Plugin } from "../../core/plugin.ts";
import deployment from "../../plugins/workloads/deployment.ts";
import { fixtureFaults } from "./fixture_faults.ts";

const s = suite("the fixtures of the conformance suite, looked at first");

const trigger = defineTrigger({
  kind: "trigger",
  name: "mine",
  description: "Hears of pushes.",
  webhook: { path: "/webhook/mine", read: ({ refuse }) => refuse("name", "it is none") },
});
const notifier = defineNotifier<{ MINE_URL?: string | undefined }>({
  kind: "notifier",
  name: "mine",
  description: "Tells of steps.",
  settings: (z) => z.object({ MINE_URL: z.url("a URL is wanted").optional().describe("Where to") }),
  enabled: ({ MINE_URL }) => MINE_URL !== undefined,
  deliver: () => Promise.resolve(),
});
const good = { "a push": { body: { name: "a" }, says: ["reg.example/a:1.0.0"] } };
const bad = { "no name": { body: {}, field: "name" } };
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };

// deno-fmt-ignore
const cases: [what: string, plugin: unknown, fixtures: unknown, faults: (string | RegExp)[]][] = [
  ["sound", trigger, { good, bad }, []],
  ["of another kind", trigger, { env: () => ({}) },
    ["fixtures.good: it is wanted", "fixtures.bad: it is wanted", "fixtures: there is no env of a trigger"]],
  ["of another type", trigger, { good: [], bad: { a: { body: {}, field: 5 } } },
    ["fixtures.good: a value of type record is wanted", "fixtures.bad.a.field: a value of type string is wanted"]],
  ["nothing to try", trigger, { good: {}, bad }, ["fixtures.good: one at least is wanted"]],
  ["a mistyped name", trigger, { good: { a: { body: {}, say: [] } }, bad },
    ["fixtures.good.a.says: it is wanted", "fixtures.good.a: there is no say: is says meant?"]],
  ["no body", trigger, { good: { a: { says: [] } }, bad },
    ["fixtures.good.a.body: a body is wanted, as JSON.parse gives it"]],
  ["a short image", trigger, { good: { "a push": { body: {}, says: ["nginx:1.27"] } }, bad },
    ['fixtures.good["a push"].says[0]: "nginx:1.27" is not written in full, as docker.io/library/nginx:1.27 is']],
  ["of a notifier", notifier, { env: (url: string) => ({ MINE_URL: url }) }, []],
  ["that leave it off", notifier, { env: () => ({}) }, ["fixtures.env(url): with these variables the notifier is off"]],
  ["that are refused", notifier, { env: () => ({ MINE_URL: "-" }) }, [/the plugin's settings refuse it: .*MINE_URL/s]],
  ["of another workload", deployment, { kubeconfig: () => "", manifest: pod, containers: {} },
    ["fixtures.manifest: a Deployment is wanted"]],
];
for (const [what, plugin, fixtures, faults] of cases) {
  s(what, () => {
    const found = fixtureFaults(plugin as Plugin, fixtures);
    assert.is(found.length, faults.length, found.join("\n"));
    faults.forEach((fault, index) => assert.match(found[index]!, fault));
  });
}

s.run();
