import * as assert from "uvu/assert";
import { suite } from "uvu";
import { type AuditEntry, createAudit } from "../../../core/server/audit.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { harness, proxySecret } from "./api_harness.ts";
import { HOSTILE } from "../../support/hostile_strings.ts";
import type { KubeEvent } from "../../../core/kube/events.ts";

const s = suite("what people do is written down");
const object = {
  apiVersion: "headwind.sh/v1alpha1",
  kind: "UpdateRequest",
  namespace: "shop",
  name: "web-1",
  uid: "u1",
};
const entry: AuditEntry = {
  action: "reject",
  kind: "UpdateRequest",
  namespace: "shop",
  name: "web-1",
  username: "ann",
  result: "success",
  reason: "logins fail",
};

function audit(isKnown = true) {
  const lines: string[] = [];
  const events: KubeEvent[] = [];
  let seconds = 0;
  const write = createAudit({
    log: createLog({ write: (line) => void lines.push(line) }),
    find: () => isKnown ? { object, workloadKind: "Deployment" } : undefined,
    record: (event) => void events.push(event),
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)),
    instance: "headwind-0",
  });
  return { write, lines, events };
}

s("one JSON line with the target and the fields of the Rust Headwind's", () => {
  const { write, lines } = audit();
  write(entry);
  const { time: _, ...line } = JSON.parse(lines[0]!);
  assert.equal(line, {
    level: "info",
    message: "audit",
    target: "headwind::audit",
    timestamp: "2026-01-01T00:00:00.000Z",
    username: "ann",
    action: "reject",
    resource_type: "Deployment",
    namespace: "shop",
    name: "web-1",
    result: "success",
    reason: "logins fail",
  });
});

s("of what is denied or failed the line says why, and what is not known is null", () => {
  const { write, lines } = audit(false);
  write({ ...entry, result: "denied", error: "ann may not" });
  const { reason: _, ...silent } = entry;
  write({ ...silent, kind: undefined });
  const [denied, unknown] = lines.map((line) => JSON.parse(line));
  assert.equal([denied.result, denied.reason, denied.resource_type], ["denied", "ann may not", "UpdateRequest"]);
  assert.equal([unknown.reason, unknown.resource_type], [null, null]);
});

s("an Event on the object of what was done, each time, and of what was denied once for each person", () => {
  const { write, events } = audit();
  write(entry);
  write(entry);
  for (const username of ["eve", "eve", "mallory"]) write({ ...entry, username, result: "denied", error: "no" });
  write({ ...entry, result: "error", error: "it was decided" });
  assert.is(events.length, 5);
  assert.is(new Set(events.map(({ metadata }) => metadata.name)).size, 4);
  const [done, , denied] = events;
  assert.equal([done!.type, done!.reason, done!.message], ["Normal", "ActionTaken", "ann rejected it: logins fail"]);
  assert.equal([denied!.type, denied!.reason, denied!.message], [
    "Warning",
    "ActionDenied",
    "eve wanted to reject: no",
  ]);
  assert.equal(done!.involvedObject, object);
  assert.is(audit(false).events.length, 0);
});

s("whatever is said in a reason or a name, it is one line, and says nothing of another", () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    const { write, lines } = audit();
    write({ ...entry, username: text, reason: text });
    assert.is(lines.length, 1, name);
    assert.not.match(lines[0]!, "\n");
    const line = JSON.parse(lines[0]!);
    assert.equal([line.target, line.action], ["headwind::audit", "reject"], name);
  }
});

s("the API's decisions and changes, and those that it refuses", async () => {
  const { fetch, audit } = harness();
  const proxied = { "x-headwind-proxy-secret": proxySecret, "x-forwarded-user": "eve" };
  const post = (path: string, body = {}, headers = {}) => fetch("POST", path, JSON.stringify(body), headers);
  await post("/api/v1/updates/default/a/approve", {}, proxied);
  await post("/api/v1/updates/default/a/approve", { approver: "ann" });
  await post("/api/v1/updates/default/a/reject", { approver: "ann", reason: "late" });
  await post("/api/v1/hold/default/web/app", { user: "ann" }, proxied);
  await post("/api/v1/hold/default/web/app", { user: "ann", reason: "slow" });
  await post("/api/v1/rollback/default/web/app", {}, proxied);
  await post("/api/v1/resume/default/none/app", {}, proxied);
  assert.equal(audit.map(({ username, action, name, result }) => `${username} ${action} ${name}: ${result}`), [
    "eve approve a: denied",
    "ann approve a: success",
    "ann reject a: error",
    "eve hold web: denied",
    "ann hold web: success",
    "eve rollback web: denied",
    "eve resume none: denied",
  ]);
});

s.run();
