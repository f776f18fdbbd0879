import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A notification as it came. */
export interface Delivery {
  key: string | undefined;
  // deno-lint-ignore no-explicit-any
  body: any;
}

/** What takes in webhook notifications. */
export interface WebhookReceiver {
  url: string;
  deliveries: Delivery[];
  /** It refuses all, and they do not count as come. */
  isDown: boolean;
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and says 200 to all, or 503 while it is down. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const deliveries: Delivery[] = [];
  const server = createServer((incoming, outgoing) => {
    let text = "";
    incoming.on("data", (part) => text += part);
    incoming.on("end", () => {
      if (made.isDown) return void outgoing.writeHead(503).end();
      deliveries.push({ key: incoming.headers["idempotency-key"] as string | undefined, body: JSON.parse(text) });
      outgoing.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const made: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    deliveries,
    isDown: false,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return made;
}
