import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assets } from "./assets.ts";
import { freePort } from "./ports.ts";
import { startTied, type Tied } from "./processes.ts";
import { registryConfig } from "./registry_config.ts";

/** A running registry of the CNCF Distribution project. */
export interface Registry {
  /** `127.0.0.1:port`, as in an image reference. */
  host: string;
  url: string;
  /** The file of its access log. */
  log: string;
  /** PEM file of the authority of its certificate, with `tls`. */
  ca?: string;
  /** Every request answered so far, in the order of the access log. A path holds its query too. */
  requests(): Promise<RegistryRequest[]>;
  stop(): Promise<void>;
}

export interface RegistryRequest {
  method: string;
  path: string;
  status: number;
}

export interface RegistryOptions {
  /** Where its notifications go. */
  notify?: { url: string; headers?: Record<string, string[]> }[];
  /** Folder for its data and logs; it stays. Without it a temporary one is used, removed by `stop`. */
  dir?: string;
  port?: number;
  auth?: {
    htpasswd?: { user: string; password: string };
    /** Distribution's token login. `certificate` is the PEM of the certificate whose key signs the tokens. */
    token?: { realm: string; service: string; issuer: string; certificate: string };
  };
  /** Serve https by a certificate of an authority of its own. */
  tls?: boolean;
}

/** Starts the registry on a free port of 127.0.0.1 and waits until it listens. Throws with the end of its log. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const binaries = await assets(() => {}, ["registry", "htpasswd"]);
  const dir = options.dir ?? await mkdtemp(join(tmpdir(), "headwind-registry-"));
  await mkdir(dir, { recursive: true });
  const port = options.port ?? await freePort();
  await writeFile(join(dir, "config.yml"), JSON.stringify(await registryConfig(options, binaries, dir, port)));
  const log = join(dir, "access.log");
  const server = startTied({
    name: "registry",
    command: join(binaries, "registry"),
    args: ["serve", "config.yml"],
    dir,
    output: log,
    // Distribution sends traces to localhost:4318 unless told otherwise.
    env: { OTEL_TRACES_EXPORTER: "none" },
  });
  try {
    await listening(server, port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `${options.tls ? "https" : "http"}://${host}`,
    log,
    ...(options.tls ? { ca: join(dir, "ca.crt") } : {}),
    requests: async () => parseAccessLog(await readFile(log, "utf8")),
    async stop() {
      await server.stop();
      if (!options.dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The requests in an access log of the combined format; lines of anything else are left out. */
export function parseAccessLog(text: string): RegistryRequest[] {
  return [...text.matchAll(/^\S+ \S+ \S+ \[[^\]]*\] "([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3}) /gm)]
    .map(([, method, path, status]) => ({ method: method!, path: path!, status: Number(status) }));
}

async function listening(server: Tied, port: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await accepts(port))) {
    const ended = server.ended() ?? (Date.now() > deadline ? "no answer in 30 s" : undefined);
    if (ended) throw new Error(`the registry did not start (${ended}):\n${await server.tail()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
