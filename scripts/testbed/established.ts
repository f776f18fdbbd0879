import type { ControlPlane } from "./controlplane.ts";

const timeoutMs = 60_000;

/**
 * Waits until the API server serves some CRDs, named as `kubectl wait` takes them: `crd/NAME`, or `crd` and a selector. Of one that
 * was made a moment ago, whose conditions are not written yet, `kubectl wait` says that they are of no type, and ends.
 */
export async function established({ kubectl }: Pick<ControlPlane, "kubectl">, crds: readonly string[]): Promise<void> {
  for (const deadline = performance.now() + timeoutMs;;) {
    try {
      await kubectl(["wait", "--for=condition=Established", `--timeout=${timeoutMs / 1000}s`, ...crds]);
      return;
    } catch (error) {
      const isTooEarly = (error as Error).message.includes("conditions accessor error");
      if (!isTooEarly || performance.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
