import { basename } from "node:path";
import { namespace } from "./namespace.ts";
import type { Stage } from "./stage.ts";

/** Where the servers listen. */
export function whereItIs({ webhook, api, metrics, ui, registry, controlPlane }: Stage): string {
  return [
    `  dashboard     ${ui}`,
    `  webhooks      ${webhook}/webhook/registry`,
    `  approval API  ${api}/api/v1/updates (described by ${api}/openapi.json)`,
    `  metrics       ${metrics}/metrics`,
    `  registry      ${registry.url}`,
    `  API server    ${controlPlane.url}`,
  ].join("\n");
}

/** What the demo does not leave as it is by default. */
export const whatIsShort =
  "To be short, all workloads here say headwind.sh/soak: 1 (an update is done after one healthy second, not 30) and\n" +
  "headwind.sh/min-update-interval: 0 (not 300 s), HEADWIND_HEALTH_CHECK_INTERVAL is 1 (not 10 s), and\n" +
  "HEADWIND_POLLING_MIN_INTERVAL is 1 (not 60 s).";

export interface ToTry {
  stage: Stage;
  /** Folder of kubectl, crane and helm. */
  binaries: string;
  /** Archive of a chart that portal does not have yet. */
  archive: string;
}

/** Commands for a visitor. */
export function whatToTry({ stage, binaries, archive }: ToTry): string {
  const { terminal, controlPlane, people, registry, image } = stage;
  const chart = basename(archive, ".tgz").replace("-", " ");
  return [
    whereItIs(stage),
    "",
    "In another terminal:",
    `  export KUBECONFIG=${controlPlane.kubeconfig}`,
    `  export PATH=$PATH:${terminal.bin}:${binaries}`,
    `  kubectl headwind -n ${namespace} list --all   # that is ${terminal.bin}/kubectl-headwind`,
    `  kubectl headwind -n ${namespace} why cart`,
    `  kubectl headwind -n ${namespace} rollback web`,
    `  kubectl headwind -n ${namespace} why hr/portal`,
    `  kubectl -n ${namespace} get helmreleases`,
    `  kubectl -n ${namespace} describe updaterequests`,
    `  crane tag ${image("web:1.3.0")} 1.4.0     # a new version of web; see here what follows, and approve it`,
    `  crane tag ${image("cart:2.5.0")} 2.5.667   # one that no node can pull, as none can here that ends in 667`,
    `  helm push --plain-http ${archive} oci://${registry.host}/${namespace}/charts   # ${chart}, for its HelmRelease`,
    "",
    `With --kubeconfig ${people.ann.kubeconfig} you are ann, who may decide;`,
    `with --kubeconfig ${people.eve.kubeconfig} you are eve, who may not.`,
    "",
  ].join("\n");
}
