import { fileURLToPath } from "node:url";
import { type ControlPlane, startControlPlane } from "../../scripts/testbed/controlplane.ts";
import { specOf } from "./people.ts";
import { installDefinitions } from "./shared.ts";

/** A control plane of one's own, without nodes, with the CRDs and rights of `deploy/` and no policy yet. */
export async function bareControlPlane(): Promise<ControlPlane> {
  const plane = await startControlPlane({ kwok: false });
  try {
    await installDefinitions(plane);
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

/** Applies `deploy/approvals.yaml` and waits until the API server acts on it. For a control plane of one's own. */
export async function guardApprovals(plane: ControlPlane): Promise<void> {
  const path = fileURLToPath(new URL("../../deploy/approvals.yaml", import.meta.url));
  await plane.kubectl(["apply", "-f", path]);
  const forged = JSON.stringify({
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: { name: "forged", namespace: "default" },
    spec: { ...specOf("forged"), decision: { approved: true, by: "nobody" } },
  });
  const deadline = performance.now() + 60_000;
  for (;;) {
    const refused = await plane.kubectl(["create", "--dry-run=server", "-f", "-"], forged).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (refused?.includes("headwind-approvals")) return;
    if (performance.now() > deadline) throw new Error(`the policy does nothing after 60 s: ${refused}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
