import * as assert from "uvu/assert";
import type { AuditEntry } from "../../../core/server/audit.ts";
import { suite } from "uvu";
import { AlreadyDecided } from "../../../core/requests/store.ts";
import { BadRequest } from "../../../core/server/http_errors.ts";
import type { Caller } from "../../../core/server/callers.ts";
import { decideUpdate } from "../../../core/server/decide_update.ts";
import { recordedLog } from "../../support/recorded_log.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { requestStore } from "../../support/request_store.ts";

const test = suite("deciding");

const ann = (may: boolean): Caller => ({
  kind: "vouched",
  user: "ann",
  groups: [],
  allowed: () => Promise.resolve(may),
});
/** By her token: only what she writes is judged, and what she asks about her rights. */
const annsToken = (may: boolean): Caller => ({
  kind: "token",
  user: "ann",
  groups: [],
  client: {
    request: () => Promise.resolve({ status: { allowed: may } } as never),
    stream: () => Promise.reject(new Error("nothing is watched")),
  },
});
const over = (...requests: Parameters<typeof requestStore>) => {
  const { log, lines } = recordedLog();
  const audit: AuditEntry[] = [];
  const write = (entry: AuditEntry) => void audit.push(entry);
  return {
    options: { decisions: requestStore(...requests), namespaces: ["default"], audit: write, log },
    lines,
    audit,
  };
};
const wish = { namespace: "default", name: "a", approved: true, via: "dashboard" } as const;
const refusalOf = async (work: Promise<unknown>): Promise<BadRequest> => {
  try {
    await work;
  } catch (error) {
    assert.instance(error, BadRequest);
    return error as BadRequest;
  }
  throw new Error("it is not refused");
};

test("a word that comes by the dashboard says so, and is signed with the proven name", async () => {
  const { options } = over(requestOf({ name: "a" }));
  const { request, by } = await decideUpdate(ann(true), { ...wish, reason: "tested" }, options);
  assert.is(by, "ann");
  assert.equal(request.spec.decision, { approved: true, by: "ann", via: "dashboard", reason: "tested" });
});

test("of one that does not wait any more the request tells who decided", async () => {
  const { options } = over(requestOf({ name: "a", decision: { approved: false, by: "bob", reason: "no" } }));
  const refusal = await refusalOf(decideUpdate(ann(true), wish, options));
  assert.is(refusal.status, 409);
  assert.instance(refusal.cause, AlreadyDecided);
  assert.is((refusal.cause as AlreadyDecided).request.spec.decision?.by, "bob");
});

test("who may not is told the verb, and nothing is written", async () => {
  const { options, lines } = over(requestOf({ name: "a" }));
  const refusal = await refusalOf(decideUpdate(ann(false), wish, options));
  assert.is(refusal.status, 403);
  assert.match(refusal.message, "ann may not approve updaterequests.headwind.sh default/a");
  assert.is(options.decisions.requests.get("default/a")!.spec.decision, undefined);
  assert.is(lines.filter(({ message }) => message === "a decision is refused").length, 1);
});

test("by a token, too, who may not is told neither who decided nor whether there is one", async () => {
  const decided = requestOf({ name: "a", decision: { approved: false, by: "bob", reason: "a secret" } });
  for (const name of ["a", "none"]) {
    const refusal = await refusalOf(decideUpdate(annsToken(false), { ...wish, name }, over(decided).options));
    assert.is(refusal.status, 403, refusal.message);
    assert.match(refusal.message, `ann may not approve updaterequests.headwind.sh default/${name}`);
    assert.is(refusal.cause, undefined);
  }
  assert.is((await refusalOf(decideUpdate(annsToken(true), wish, over(decided).options))).status, 409);
  const none = { ...wish, name: "none" };
  assert.is((await refusalOf(decideUpdate(annsToken(true), none, over(decided).options))).status, 404);
});

test("what is unknown, or of a namespace that is not served, is not found", async () => {
  const { options } = over(requestOf({ name: "a" }));
  assert.is((await refusalOf(decideUpdate(ann(true), { ...wish, name: "b" }, options))).status, 404);
  assert.is((await refusalOf(decideUpdate(ann(true), { ...wish, namespace: "other" }, options))).status, 404);
});

test("how it ended is written down each time, in the proven name", async () => {
  const { options, audit } = over(requestOf({ name: "a" }));
  await refusalOf(decideUpdate(ann(false), { ...wish, reason: "looks well" }, options));
  await refusalOf(decideUpdate(ann(true), { ...wish, approver: "bob" }, options));
  await decideUpdate(ann(true), { ...wish, reason: "looks well" }, options);
  await refusalOf(decideUpdate(ann(true), { ...wish, approved: false }, options));
  assert.equal(audit.map(({ username, action, result, reason }) => [username, action, result, reason]), [
    ["ann", "approve", "denied", "looks well"],
    ["ann", "approve", "denied", undefined],
    ["ann", "approve", "success", "looks well"],
    ["ann", "reject", "error", undefined],
  ]);
  assert.match(audit[0]!.error ?? "", "may not approve");
});

test("nobody signs as another", async () => {
  const { options } = over(requestOf({ name: "a" }));
  const refusal = await refusalOf(decideUpdate(ann(true), { ...wish, approver: "bob" }, options));
  assert.is(refusal.status, 403);
});

test.run();
