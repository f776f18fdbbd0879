import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server of a test, on a free port of loopback. */
export interface Listening {
  host: string;
  url: string;
  /** Ends it, with its connections. */
  stop(): void;
}

export async function listening(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
