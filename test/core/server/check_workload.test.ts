import * as assert from "uvu/assert";
import { suite } from "uvu";
import type { AuditEntry } from "../../../core/server/audit.ts";
import { BadRequest } from "../../../core/server/http_errors.ts";
import type { Caller } from "../../../core/server/callers.ts";
import { checkWorkload } from "../../../core/server/check_workload.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

const test = suite("asking for a workload to be looked at, for somebody");

const web = { namespace: "default", name: "web", kind: "Deployment" };
const person = (...verbs: string[]): Caller => ({
  kind: "vouched",
  user: "ann",
  groups: [],
  allowed: ({ verb }) => Promise.resolve(verbs.includes(verb)),
});

function world(changes: WorkloadChanges = {}) {
  const workload = workloadOf(changes);
  const asked: string[] = [];
  const audit: AuditEntry[] = [];
  return {
    asked,
    audit,
    check: (caller: Caller, wish = web) =>
      checkWorkload(caller, wish, {
        client: {
          stream: () => Promise.reject(new Error("nothing is watched")),
          request(method, path, options) {
            asked.push(`${method} ${path} ${JSON.stringify(options?.body)}`);
            return Promise.resolve({} as never);
          },
        },
        workloads: {
          find: async (_, name) => name === workload.name ? [workload] : [],
          resources: () => [workload.plugin.resource],
          now: () => new Date("2026-03-01T12:00:00Z"),
        },
        namespaces: ["default"],
        audit: (entry) => void audit.push(entry),
      }),
  };
}

async function statusOf(work: Promise<unknown>): Promise<[number, string]> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, BadRequest, String(error));
    return [(error as BadRequest).status, (error as BadRequest).message];
  }
  return [200, ""];
}

test("who may patch it has the time written on the workload, and on no other of its name", async () => {
  const { check, asked, audit } = world();
  assert.is(await check(person("patch")), "2026-03-01T12:00:00.000Z");
  assert.equal(asked, [
    'PATCH /apis/apps/v1/namespaces/default/deployments/web {"metadata":{"uid":"uid-default-web",' +
    '"annotations":{"headwind.sh/check-requested-at":"2026-03-01T12:00:00.000Z"}}}',
  ]);
  assert.equal(audit.map(({ action, username, name, result }) => [action, username, name, result]), [
    ["check", "ann", "web", "success"],
  ]);
});

test("who may not is told the verb, and nothing is written", async () => {
  const { check, asked, audit } = world();
  assert.equal(await statusOf(check(person())), [403, "ann may not patch deployments.apps default/web"]);
  assert.equal(asked, []);
  assert.is(audit[0]!.result, "denied");
});

test("who may not is told the same of what is not there", async () => {
  const { check } = world();
  const said = await statusOf(check(person(), { ...web, name: "other" }));
  assert.equal(said, [403, "ann may not patch deployments.apps default/other"]);
});

test("of what has nothing to be looked at it is said why, to who may ask alone", async () => {
  const { check, asked } = world({ annotations: { "event-source": "none" } });
  const [status, why] = await statusOf(check(person("patch")));
  assert.is(status, 409);
  assert.match(why, "headwind.sh/event-source is none");
  assert.is((await statusOf(check(person())))[0], 403);
  assert.equal(asked, []);
});

test("what is unknown, or of a namespace that is not served, is not found", async () => {
  const { check } = world();
  assert.is((await statusOf(check(person("patch"), { ...web, name: "other" })))[0], 404);
  assert.is((await statusOf(check(person("patch"), { ...web, namespace: "other" })))[0], 404);
});

test.run();
