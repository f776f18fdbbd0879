import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ask, ok } from "./api.ts";
import { files } from "./components.ts";

/**
 * Writes what a pod of this service account would find mounted, under the control plane's folder `dir`, and gives
 * its path. Makes namespace and account if they are absent. The token is good for a day.
 */
export async function serviceAccountDir(ask: Ask, dir: string, namespace: string, name: string): Promise<string> {
  const conflict = 409;
  await ok(ask("POST", "/api/v1/namespaces", { metadata: { name: namespace } }), conflict);
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await ok(ask("POST", accounts, { metadata: { name } }), conflict);
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 86_400 } };
  const answer = await ok(ask("POST", `${accounts}/${name}/token`, request)) as { status: { token: string } };
  const folder = join(dir, "serviceaccounts", namespace, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "token"), answer.status.token, { mode: 0o600 });
  await writeFile(join(folder, "namespace"), namespace);
  await copyFile(join(dir, files.ca), join(folder, "ca.crt"));
  return folder;
}
