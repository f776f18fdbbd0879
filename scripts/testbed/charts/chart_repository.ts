import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Certificate, createAuthority } from "../certificates.ts";
import { answer, type Behaviour } from "./chart_answer.ts";
import { helm } from "./helm.ts";

/** A Helm repository (a folder with an `index.yaml`) behind an http server on loopback. */
export interface ChartRepository {
  /** Without a slash at its end, as in `spec.url` of a HelmRepository. */
  url: string;
  /** The folder that is served. */
  dir: string;
  /** PEM of the authority of its certificate, with `tls`. */
  ca?: string;
  /** A certificate that the server takes, with `tls`. */
  client?: Certificate;
  /** Copies archives into the folder and makes the index anew by the real `helm repo index`. */
  publish(...archives: string[]): Promise<void>;
  /** Changes how it answers from now on; what is not named stays. */
  behave(change: Behaviour): void;
  /** What was asked since the start, or since the last `forget`, in the order of the answers. */
  requests(): ChartRequest[];
  forget(): void;
  stop(): Promise<void>;
}

export interface ChartRequest {
  method: string;
  path: string;
  status: number;
  /** Whether it carried an `Authorization`. */
  authorized: boolean;
  /** Whether it asked for the answer only if that had changed. */
  conditional: boolean;
  /** Its `User-Agent`: `Helm/…` of Helm, `source-controller/…` of the stand-in for Flux. */
  agent: string;
}

export interface ChartRepositoryOptions extends Behaviour {
  /** Folder to serve; it stays. Without it a temporary one is used, removed by `stop`. */
  dir?: string;
  /** https by an authority of its own; `clientCertificate` refuses all who bring none of the same authority. */
  tls?: { clientCertificate?: boolean };
  /** Whether the index is JSON (in `index.yaml`, as Helm writes it then). */
  json?: boolean;
  /** Whether the index names archives by whole addresses, not by paths relative to it. */
  absoluteUrls?: boolean;
}

/** Starts the server on a free port of 127.0.0.1, with an empty index. Runs on Deno and Node. */
export async function startChartRepository(options: ChartRepositoryOptions = {}): Promise<ChartRepository> {
  const { dir: given, tls, json, absoluteUrls, ...first } = options;
  const dir = given ?? await mkdtemp(join(tmpdir(), "headwind-charts-"));
  const home = await mkdtemp(join(tmpdir(), "headwind-helm-index-"));
  let behaviour: Behaviour = first;
  let asked: ChartRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url: path = "/", headers } = request;
    const conditional = "if-none-match" in headers || "if-modified-since" in headers;
    const agent = headers["user-agent"] ?? "";
    const note = (status: number) =>
      asked.push({ method, path, status, authorized: "authorization" in headers, conditional, agent });
    await answer({ dir, behaviour, method, path, headers, note }, response);
  };
  const certificates = tls ? certificatesFor(tls.clientCertificate === true) : undefined;
  const server = certificates ? createHttps(certificates.server, handle) : createHttp(handle);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publish = async (...archives: string[]) => {
    for (const archive of archives) await copyFile(archive, join(dir, basename(archive)));
    const flags = [...(json ? ["--json"] : []), ...(absoluteUrls ? ["--url", url] : [])];
    await helm(["repo", "index", dir, ...flags], { home });
  };
  await publish();
  return {
    url,
    dir,
    ...(certificates ? { ca: certificates.ca, client: certificates.client } : {}),
    publish,
    behave: (change) => void (behaviour = { ...behaviour, ...change }),
    requests: () => [...asked],
    forget: () => void (asked = []),
    async stop() {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      for (const folder of given ? [home] : [home, dir]) await rm(folder, { recursive: true, force: true });
    },
  };
}

function certificatesFor(clientCertificate: boolean) {
  const authority = createAuthority("chart-repository-ca");
  const own = authority.server(["127.0.0.1"], ["localhost"]);
  const demand = clientCertificate ? { ca: authority.cert, requestCert: true, rejectUnauthorized: true } : {};
  return { ca: authority.cert, client: authority.client("chart-reader"), server: { ...own, ...demand } };
}
