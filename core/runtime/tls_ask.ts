import { createHttpAsk, type HttpAsk, type Socket } from "./http_ask.ts";

/** Below the 90 s after which kube-apiserver closes an idle connection, so that it is not met half closed. */
const idleMs = 60_000;
const mostIdle = 32;

/**
 * Asks one server by https over Deno's own TLS, which trusts `ca` and the process's authorities: none in the image. Undefined on Node,
 * and where the environment names a proxy, which `fetch` knows how to use.
 */
export function createTlsAsk(server: string, ca: string, env: Record<string, string | undefined>): HttpAsk | undefined {
  if (!("Deno" in globalThis) || isProxied(env)) return undefined;
  const { hostname, host, port } = new URL(server);
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  return createHttpAsk({ connect: () => connect(name, Number(port || 443), ca), host, idleMs, mostIdle });
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
