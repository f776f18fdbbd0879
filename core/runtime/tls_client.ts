import { isIP } from "node:net";
import { createHttpClient, type HttpClient, type Socket } from "./http_client.ts";

/** Below the 90 s after which kube-apiserver closes an idle connection, so that it is not met half closed. */
const IDLE_MS = 60_000;
const MOST_IDLE = 32;
/**
 * Connections that are being made at most, those included that nobody waits for any more: Deno 2.9 has no way to close one before its
 * handshake is over, and a server may take connections and never speak.
 */
const MOST_CONNECTING = 64;

/**
 * Asks one server by https over Deno's own TLS, which trusts `ca` and the process's authorities: none in the image. By
 * `otherwise` on Node, where the environment names a proxy, where the server has a name, which may stand for several
 * addresses, and as long as too many connections are being made.
 *
 * @throws where `ca` cannot be read
 */
export function createTlsClient(
  server: string,
  ca: string,
  env: Record<string, string | undefined>,
  otherwise: () => HttpClient,
  most = MOST_CONNECTING,
): HttpClient {
  const { hostname, host, port } = new URL(server);
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  if (!("Deno" in globalThis) || isProxied(env) || !isIP(address)) return otherwise();
  Deno.createHttpClient({ caCerts: [ca] }).close();
  let connecting = 0;
  const connected = async (): Promise<Socket> => {
    connecting++;
    try {
      return await connect(address, Number(port || 443), ca);
    } finally {
      connecting--;
    }
  };
  const own = createHttpClient({ connect: connected, host, idleMs: IDLE_MS, mostIdle: MOST_IDLE });
  let other: HttpClient | undefined;
  return {
    send: (request) => (connecting < most ? own : other ??= otherwise()).send(request),
    close() {
      own.close();
      other?.close();
    },
  };
}

const isProxied = (env: Record<string, string | undefined>): boolean =>
  ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].some((name) => env[name]);

async function connect(hostname: string, port: number, ca: string): Promise<Socket> {
  const plain = await Deno.connect({ hostname, port });
  // a request of several packets is not to wait for the acknowledgement of the first, and a silent watch is to be found dead
  plain.setNoDelay(true);
  plain.setKeepAlive(true);
  const conn = await Deno.startTls(plain, { hostname, caCerts: [ca] });
  try {
    await conn.handshake();
  } catch (error) {
    conn.close();
    throw error;
  }
  let isOpen = true;
  return {
    read: (into) => conn.read(into),
    write: (bytes) => conn.write(bytes),
    close() {
      if (isOpen) conn.close();
      isOpen = false;
    },
  };
}
