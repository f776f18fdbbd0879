import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { KubeObject } from "../../e2e/manifests.ts";

/** A server of an attacker on loopback, until the signal is aborted. */
export async function serve(
  signal: AbortSignal,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ host: string; url: string; asked(): number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    response.on("error", () => {});
    void answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  signal.addEventListener("abort", () => {
    server.closeAllConnections();
    server.close();
  }, { once: true });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, asked: () => asked };
}

/** A Helm repository whose indexes, by the first part of the path, are these texts, gzipped. */
export async function serveIndexes(signal: AbortSignal, texts: Record<string, string>): Promise<string> {
  const zipped = new Map(Object.entries(texts).map(([name, text]) => [name, gzipSync(text, { level: 1 })]));
  const { url } = await serve(signal, (request, response) => {
    const body = zipped.get(request.url!.split("/")[1]!);
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, { "content-encoding": "gzip", etag: '"1"' }).end(body);
  });
  return url;
}

/** A HelmRelease that is polled, suspended; its HelmRepository is `repository`. */
export function polledRelease(name: string, chart: string, repository: string): KubeObject {
  const annotations = { "headwind.sh/policy": "minor", "headwind.sh/polling-interval": "1" };
  const sourceRef = { kind: "HelmRepository", name: repository };
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name, annotations },
    spec: { interval: "1h", suspend: true, chart: { spec: { chart, version: "1.0.0", sourceRef } } },
  };
}

export function helmRepository(name: string, url: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "HelmRepository",
    metadata: { name },
    spec: { interval: "1h", url, ...spec },
  };
}
