import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { release } from "../../e2e/flux.ts";
import type { KubeObject } from "../../e2e/manifests.ts";

/** A server of an attacker on loopback, until the signal is aborted. */
export async function serve(
  signal: AbortSignal,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  hostname = "127.0.0.1",
): Promise<{ host: string; url: string; server: Server }> {
  const server = createServer((request, response) => {
    response.on("error", () => {});
    void answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, hostname, done));
  signal.addEventListener("abort", () => {
    server.closeAllConnections();
    server.close();
  }, { once: true });
  const host = `${hostname}:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, server };
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

/** A HelmRelease that is polled, suspended, whose updates want an approval; its HelmRepository is `repository`. */
export function polledRelease(name: string, chart: string, repository: string): KubeObject {
  const annotations = { "require-approval": "true" };
  return release({ name, chart, version: "1.0.0", repository, annotations, spec: { suspend: true } });
}
