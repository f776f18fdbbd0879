import * as assert from "uvu/assert";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../../../ui/kubectl/main.ts";
import { readKubeconfig } from "../../../scripts/testbed/kubeconfig.ts";
import type { ControlPlane } from "../../../scripts/testbed/controlplane.ts";

/** What a run of `kubectl headwind` printed, and its exit code. */
export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** `kubectl headwind` in this process, by a kubeconfig. */
export async function kubectlHeadwind(
  kubeconfig: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const ran: Ran = { code: -1, out: "", err: "" };
  ran.code = await main({
    args,
    env: { HOME: "/nowhere", KUBECONFIG: kubeconfig, ...env },
    isTerminal: false,
    write: (text) => void (ran.out += text),
    complain: (text) => void (ran.err += text),
  });
  return ran;
}

/** Writes a kubeconfig of two contexts for the holder of a token: `there`, of this namespace, and `nowhere`. */
export async function kubeconfigFor(
  plane: ControlPlane,
  name: string,
  namespace: string,
  user: Record<string, unknown>,
): Promise<string> {
  const { url, ca } = readKubeconfig(await readFile(plane.kubeconfig, "utf8"));
  const data = btoa(ca);
  const path = join(plane.dir, `${name}.kubeconfig`);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "real", cluster: { server: url, "certificate-authority-data": data } },
      { name: "gone", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": data } },
    ],
    users: [{ name, user }],
    contexts: [
      { name: "there", context: { cluster: "real", user: name, namespace } },
      { name: "nowhere", context: { cluster: "gone", user: name } },
    ],
    "current-context": "there",
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** It went well; gives what was printed. */
export function done({ code, out, err }: Ran): string {
  assert.is(code, 0, err);
  return out.trimEnd();
}

/** The commands of this program in what was printed, each to the end of its line, as a shell reads them. */
export function advised(printed: string): string[][] {
  return [...printed.matchAll(/kubectl headwind (.+)$/gm)].map(([, line]) =>
    line!.match(/(?:'[^']*'|[^\s'])+/g)!.map((word) => word.replaceAll("'", ""))
  );
}

/** It failed with one line, which is given. */
export function failed({ code, out, err }: Ran, wanted = 1): string {
  assert.is(code, wanted, out + err);
  assert.is(out, "");
  const last = err.trimEnd().split("\n").at(-1)!;
  assert.match(last, /^error: /);
  return last.slice("error: ".length);
}
