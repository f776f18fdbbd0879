import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ControlPlane } from "../../scripts/testbed/controlplane.ts";
import { established } from "../../scripts/testbed/established.ts";

/** The variables by which the test runner hands its control plane and its registry to the files it runs. */
export const shared = {
  kubeconfig: "HEADWIND_TEST_KUBECONFIG",
  registry: "HEADWIND_TEST_REGISTRY",
  registryLog: "HEADWIND_TEST_REGISTRY_LOG",
} as const;

const deploy = fileURLToPath(new URL("../../deploy/", import.meta.url));

/** Applies the CRDs, the namespace and the rights of `deploy/`, and waits until the API server serves them. */
export async function installDefinitions({ kubectl }: Pick<ControlPlane, "kubectl">): Promise<void> {
  const names = (await readdir(join(deploy, "crds"))).filter((name) => name.endsWith(".yaml"));
  const paths = [...names.map((name) => join("crds", name)), "namespace.yaml", "rbac.yaml"];
  const documents = await Promise.all(paths.map((path) => readFile(join(deploy, path), "utf8")));
  await kubectl(["apply", "-f", "-"], documents.join("\n---\n"));
  await established({ kubectl }, ["crd", "-l", "app.kubernetes.io/name=headwind"]);
}
