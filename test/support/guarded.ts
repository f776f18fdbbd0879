import { fileURLToPath } from "node:url";
import type { ControlPlane } from "../../scripts/testbed/controlplane.ts";
import { specOf } from "./people.ts";
import { startWithDefinitions } from "./cluster.ts";

/** A control plane of one's own, without nodes, with the CRDs and rights of `deploy/` and no policy yet. */
export const bareControlPlane = (): Promise<ControlPlane> => startWithDefinitions({ kwok: false });

/** Applies `deploy/approvals.yaml` and waits until the API server acts on it. For a control plane of one's own. */
export async function guardApprovals(plane: ControlPlane): Promise<void> {
  await plane.kubectl(["apply", "-f", deployed("approvals.yaml")]);
  const forged = JSON.stringify({
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: { name: "forged", namespace: "default" },
    spec: { ...specOf("forged"), decision: { approved: true, by: "nobody" } },
  });
  await untilRefused("headwind-approvals", () => plane.kubectl(["create", "--dry-run=server", "-f", "-"], forged));
}

/** Applies `deploy/account.yaml` and waits until the API server acts on each of its bindings. For a control plane of one's own. */
export async function guardAccount(plane: ControlPlane): Promise<void> {
  const name = "guarded-account";
  const excluded = "guarded-excluded";
  await plane.kubectl(["create", "namespace", excluded]);
  await plane.kubectl(["label", "namespace", excluded, "headwind.sh/exclude=true"]);
  await plane.kubectl(["apply", "-f", deployed("account.yaml")]);
  const paused = { spec: { paused: true } };
  // what the account may do, but for the namespace
  const moved = { spec: { template: { spec: { containers: [{ name: "app", image: "registry.example/app:2" }] } } } };
  for (
    const [namespace, policy, patch] of [
      ["default", "headwind-account", paused],
      ["kube-system", "headwind-namespaces", moved],
      [excluded, "headwind-namespaces", moved],
    ] as const
  ) {
    const here = ["--namespace", namespace];
    await plane.kubectl(["create", "deployment", name, "--image=registry.example/app:1", "--replicas=0", ...here]);
    await plane.kubectl(["annotate", "deployment", name, "headwind.sh/policy=minor", ...here]);
    const account = "--as=system:serviceaccount:headwind-system:headwind";
    const args = ["patch", "deployment", name, "--dry-run=server", account, "-p", JSON.stringify(patch), ...here];
    await untilRefused(policy, () => plane.kubectl(args));
    await plane.kubectl(["delete", "deployment", name, ...here]);
  }
  await plane.kubectl(["delete", "namespace", excluded, "--wait=false"]);
}

/** What the API server's check of a policy's types says, once it is there: `{}` where it finds no fault. */
export async function typeChecking(plane: ControlPlane, policy: string): Promise<unknown> {
  const args = ["get", "validatingadmissionpolicy", policy, "-o", "jsonpath={.status}"];
  for (const deadline = performance.now() + 30_000; performance.now() < deadline;) {
    const status = JSON.parse(await plane.kubectl(args) || "{}");
    if (status.typeChecking) return status.typeChecking;
  }
  throw new Error(`policy ${policy} is not checked after 30 s`);
}

/** Applies what `HEADWIND_OIDC_ISSUER`, `HEADWIND_PROXY_SECRET` and `HEADWIND_APPROVALS=open` need. */
export async function vouchForPeople(plane: Pick<ControlPlane, "kubectl">): Promise<void> {
  await plane.kubectl(["apply", "-f", deployed("components/vouched-approvals/rbac.yaml")]);
}

const deployed = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));

async function untilRefused(policy: string, attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const refused = await attempt().then(() => undefined, (error: Error) => error.message);
    if (refused?.includes(`'${policy}'`)) return;
    if (performance.now() > deadline) throw new Error(`policy ${policy} does nothing after 60 s: ${refused}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
