import { namespace, type Stage } from "./stage.ts";

/** Where the servers listen. */
export function whereItIs({ webhook, api, metrics, registry, controlPlane }: Stage): string {
  return [
    `  webhooks      ${webhook}/webhook/registry`,
    `  approval API  ${api}/api/v1/updates (described by ${api}/openapi.json)`,
    `  metrics       ${metrics}/metrics`,
    `  registry      ${registry.url}`,
    `  API server    ${controlPlane.url}`,
  ].join("\n");
}

/** Commands for a visitor. `binaries` is the folder of kubectl and crane. */
export function whatToTry(stage: Stage, binaries: string): string {
  return [
    whereItIs(stage),
    "",
    "In another terminal:",
    `  export KUBECONFIG=${stage.controlPlane.kubeconfig}`,
    `  export PATH=$PATH:${binaries}`,
    `  kubectl -n ${namespace} get updaterequests`,
    `  kubectl -n ${namespace} describe deployment mail | tail`,
    `  crane tag ${stage.image("web:1.3.0")} 1.4.0   # a new version of web; see here what follows`,
    "",
  ].join("\n");
}
