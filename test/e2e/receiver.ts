import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A notification as it came. */
export interface Delivery {
  key: string | undefined;
  // deno-lint-ignore no-explicit-any
  body: any;
}

/** What takes in webhook notifications. */
export interface Receiver {
  url: string;
  deliveries: Delivery[];
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and says 200 to all. */
export async function startReceiver(): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  const server = createServer((incoming, outgoing) => {
    let text = "";
    incoming.on("data", (part) => text += part);
    incoming.on("end", () => {
      deliveries.push({ key: incoming.headers["idempotency-key"] as string | undefined, body: JSON.parse(text) });
      outgoing.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    deliveries,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
