import * as assert from "uvu/assert";
import type { AuditEntry } from "../../../core/server/audit.ts";
import { suite } from "uvu";
import { BadRequest } from "../../../core/server/http_errors.ts";
import type { Caller } from "../../../core/server/callers.ts";
import { type Hold, readHolds } from "../../../core/requests/holds.ts";
import type { KubeClient } from "../../../core/kube/client.ts";
import { keyOf } from "../../../core/workloads/workload_index.ts";
import { memoryWorkloads } from "../../support/memory_workloads.ts";
import { recordedLog } from "../../support/recorded_log.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { requestStore } from "../../support/request_store.ts";
import { retryRequest } from "../../../core/server/retry_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const test = suite("making a request anew for somebody");

const wish = { namespace: "default", name: "a" };

/** Of `ann`, who has these rights, such as `create updaterequests`; `asked` has what was asked. */
function world(
  changes: RequestChanges,
  { rights = ["delete", "create"], held }: { rights?: string[]; held?: Hold[] } = {},
) {
  const store = requestStore(requestOf({ name: "a", ...changes }));
  const workload = workloadOf({ image: "app:1.0.0", ...(held ? { held } : {}) });
  // of the workload only its rehearsal comes by here
  const { client } = store.server;
  const deployments = /^\/apis\/apps\/v1\/namespaces\/default\/deployments\/web$/;
  const all: KubeClient = {
    stream: client.stream,
    request: (method, path, options) =>
      deployments.test(path) && options?.query?.dryRun === "All"
        ? Promise.resolve({} as never)
        : client.request(method, path, options),
  };
  const workloads = { ...memoryWorkloads(workload), requests: () => [...store.requests.values()] };
  const asked: string[] = [];
  const ann: Caller = {
    kind: "vouched",
    user: "ann",
    groups: [],
    allowed({ verb, resource }) {
      asked.push(`${verb} ${resource}`);
      return Promise.resolve(rights.includes(verb));
    },
  };
  const { log } = recordedLog();
  const audit: AuditEntry[] = [];
  const retry = (caller: Caller = ann) =>
    retryRequest(caller, wish, {
      store,
      client: all,
      workloads,
      namespaces: [],
      audit: (entry) => void audit.push(entry),
      log,
    });
  return { store, retry, asked, audit, workload: () => workloads.all.get(keyOf(workload))! };
}

async function refusalOf(work: Promise<unknown>): Promise<BadRequest> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, BadRequest, String(error));
    return error as BadRequest;
  }
  throw new Error("it is not refused");
}

const rejected: RequestChanges = { requireApproval: true, phase: "Rejected", decision: { approved: false, by: "bob" } };

test("it is made anew in the name of whom Headwind vouches for, after asking for create and delete", async () => {
  const { store, retry, asked } = world(rejected);
  const before = store.requests.get("default/a")!.metadata.uid;
  const { stored } = await retry();
  assert.equal(asked, ["delete updaterequests", "create updaterequests"]);
  assert.is.not(stored!.metadata.uid, before);
  assert.is(stored!.spec.decision, undefined);
  assert.is(stored!.spec.madeBy, "ann");
});

for (const lacking of ["delete", "create"]) {
  test(`without the verb ${lacking} nothing is done`, async () => {
    const rights = ["delete", "create"].filter((verb) => verb !== lacking);
    const { store, retry } = world(rejected, { rights });
    const refusal = await refusalOf(retry());
    assert.is(refusal.status, 403);
    assert.match(refusal.message, `ann may not ${lacking} updaterequests.headwind.sh`);
    assert.equal(store.calls.filter((call) => !call.startsWith("get")), []);
  });
}

test("a request that wants no approval takes the verb approve", async () => {
  const { retry } = world({ ...rejected, requireApproval: false });
  assert.match((await refusalOf(retry())).message, "ann may not approve");
});

test("one that goes on by itself, or that there is none of, is told so", async () => {
  const { retry } = world({});
  const refusal = await refusalOf(retry());
  assert.is(refusal.status, 409);
  assert.match(refusal.message, "a is Pending, and goes on by itself");
  const { retry: none, store } = world({});
  store.requests.clear();
  assert.is((await refusalOf(none())).status, 404);
});

test("who may not is not told how it stands, nor whether there is one", async () => {
  const { retry, store } = world({}, { rights: [] });
  assert.is((await refusalOf(retry())).status, 403);
  store.requests.clear();
  assert.is((await refusalOf(retry())).status, 403);
  assert.equal(store.calls, []);
});

test("what holds its version is let go by who may patch the workload, and by nobody else", async () => {
  const held: Hold[] = [{
    container: "app",
    image: "app:1.1.0",
    at: "2026-02-01T00:00:00Z",
    by: "bob",
    reason: "slow",
  }];
  const changes: RequestChanges = { requireApproval: true, phase: "Held", newImage: "app:1.1.0" };
  const lacking = world(changes, { held });
  assert.match((await refusalOf(lacking.retry())).message, "ann may not patch deployments.apps default/web");
  const { retry, workload } = world(changes, { held, rights: ["delete", "create", "patch"] });
  await retry();
  assert.is(readHolds(workload().annotations.held)[0]!.resumedBy, "ann");
});

test.run();
