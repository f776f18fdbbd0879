import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createApprovalGuard } from "../../../core/server/approval_guard.ts";
import { createKubeClient } from "../../../core/kube/client.ts";
import { inClusterConnection } from "../../../core/kube/in_cluster.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import type { ControlPlane } from "../../../scripts/testbed/controlplane.ts";
import { bareControlPlane, guardApprovals } from "../../support/guarded.ts";

const s = suite("whether decisions are guarded");
let plane: ControlPlane;
const closes: (() => void)[] = [];

s.before(async () => {
  plane = await bareControlPlane();
});
s.after(async () => {
  for (const close of closes) close();
  await plane.stop();
});

interface Line {
  level: string;
  message: string;
}

/** A guard with the rights of a service account, and what it logs. */
async function guard({ account = "headwind", open = false, port = new URL(plane.url).port, freshMs = 60_000 } = {}) {
  const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: port };
  const connection = await inClusterConnection(env, await plane.serviceAccountDir("headwind-system", account));
  closes.push(connection.close);
  const lines: Line[] = [];
  const log = createLog({ level: "info", write: (line) => void lines.push(JSON.parse(line)) });
  return { ...createApprovalGuard({ client: createKubeClient(connection), open, log, freshMs }), lines };
}

async function said(options: Parameters<typeof guard>[0] = {}) {
  const { announce, state, lines } = await guard(options);
  await announce(new AbortController().signal);
  return { state: state(), level: lines[0]?.level, message: lines[0]?.message ?? "", lines: lines.length };
}

s("without the policy: a warning that says what that means and what helps", async () => {
  const { state, level, message, lines } = await said();
  assert.equal([state, level, lines], ["unenforced", "warn", 1]);
  assert.match(message, "whoever may write UpdateRequests can decide, in any name");
  assert.match(message, "deploy/approvals.yaml has it");
});

s("it is found once it is there, and missed once it is gone, by those who ask for the state", async () => {
  const { announce, state, lines } = await guard({ freshMs: 10 });
  await announce(new AbortController().signal);
  const becomes = async (wanted: string) => {
    for (const deadline = Date.now() + 20_000; state() !== wanted && Date.now() < deadline;) {
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.is(state(), wanted);
  };
  await guardApprovals(plane);
  await becomes("enforced");
  await plane.kubectl(["delete", "validatingadmissionpolicybinding", "headwind-approvals"]);
  await becomes("unenforced");
  await guardApprovals(plane);
  await becomes("enforced");
  assert.equal(lines.map(({ level }) => level), ["warn", "info", "warn", "info"]);
});

s("with the policy, and the rights of deploy/, all is well", async () => {
  const { state, level, message } = await said();
  assert.equal([state, level], ["enforced", "info"]);
  assert.match(message, "headwind-approvals");
});

s("a binding that only warns guards nothing", async () => {
  const bind = (actions: string[]) =>
    plane.kubectl([
      ...["patch", "validatingadmissionpolicybinding", "headwind-approvals", "--type=merge", "-p"],
      JSON.stringify({ spec: { validationActions: actions } }),
    ]);
  await bind(["Warn"]);
  const { state, message } = await said();
  assert.is(state, "unenforced");
  assert.match(message, "does not bind the policy of that name with Deny");
  await bind(["Deny"]);
});

s("without the right to look it says so, and claims nothing", async () => {
  const { state, level, message } = await said({ account: "without-rights" });
  assert.equal([state, level], ["unenforced", "warn"]);
  assert.match(message, "no right to see whether the policy is there");
});

s("while the API server is away nothing is claimed, and nothing waits for it", async () => {
  const { announce, state, lines } = await guard({ port: "1" });
  const ending = new AbortController();
  const announced = announce(ending.signal);
  assert.is(state(), "unenforced");
  ending.abort(new Error("the operator stops"));
  await announced;
  assert.equal(lines, []);
});

s("open is open, whatever the cluster has", async () => {
  const { state, level, message } = await said({ open: true });
  assert.equal([state, level], ["open", "warn"]);
  assert.match(message, "HEADWIND_APPROVALS=open");
});

s.run();
