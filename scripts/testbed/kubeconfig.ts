import { Buffer } from "node:buffer";
import type { Certificate } from "./certificates.ts";

/** A kubeconfig with one context, everything in it (no paths to other files). JSON, which is YAML. */
export function kubeconfig(
  url: string,
  ca: string,
  proof: Certificate | { token: string },
  namespace?: string,
): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const name = "headwind-testbed";
  const user = "token" in proof
    ? proof
    : { "client-certificate-data": base64(proof.cert), "client-key-data": base64(proof.key) };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url, "certificate-authority-data": base64(ca) } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) } }],
    "current-context": name,
  };
  return JSON.stringify(config, null, 2);
}

/** What `kubeconfig` was made of, with a certificate. */
export function readKubeconfig(text: string): { url: string; ca: string; client: Certificate } {
  const { clusters: [{ cluster }], users: [{ user }] } = JSON.parse(text);
  const plain = (base64: string) => Buffer.from(base64, "base64").toString();
  return {
    url: cluster.server,
    ca: plain(cluster["certificate-authority-data"]),
    client: { cert: plain(user["client-certificate-data"]), key: plain(user["client-key-data"]) },
  };
}
