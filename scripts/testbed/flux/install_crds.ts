import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ControlPlane } from "../controlplane.ts";
import { established } from "../established.ts";

const folder = fileURLToPath(new URL("./crds/", import.meta.url));

/**
 * Applies the CRDs of Flux that Headwind reads (HelmRelease, HelmRepository, OCIRepository) and waits until the API server
 * serves them. Those that are there already stay as they are, so that many may call it at the same time.
 */
export async function installFluxCrds({ kubectl }: Pick<ControlPlane, "kubectl">): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
  const documents = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  // server-side apply is one request per object, which another one's creation in between does not make fail
  await kubectl(["apply", "--server-side", "--field-manager=flux-testbed", "-f", "-"], documents.join("\n---\n"));
  const crds = names.map((name) => `crd/${name.slice(0, -".yaml".length)}`);
  await established({ kubectl }, crds);
}
