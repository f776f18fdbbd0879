/**
 * A process with the dashboard's server, and with a bare one, which only sends to its open streams what it is told to. It prints
 * both ports, and does what it reads, a line each: `change` changes a request; `send` sends by the bare server what the dashboard
 * sent last. Each is answered by when it began, milliseconds since the epoch, and by the bytes that are sent to each stream.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import createDashboard from "../../ui/web/app.ts";
import { dashboardContext } from "../../test/support/build/dashboard_context.ts";
import { requestOf } from "../../test/support/build/update_request.ts";
import { serve } from "../../core/runtime/serve.ts";

const hostname = "127.0.0.1";
/** As many as a page of the list has, so that each change is seen. */
const updates = 20;
const streams = 4096;
const update = (number: number, change: number) =>
  requestOf({ name: `web-${number}`, target: `web-${number}`, newImage: `app:1.1.${change}`, phase: "Pending" });

const context = dashboardContext({
  requests: Array.from({ length: updates }, (_, number) => update(number, 0)),
  env: { HEADWIND_UI_STREAMS: String(streams) },
});
const dashboard = await createDashboard(context);
const limits = { connections: streams, perAddress: streams };
const server = await serve({ hostname, port: 0, limits, fetch: (request, from) => dashboard.fetch(request, from) });

const open = new Set<ServerResponse>();
const bare = createServer((_, outgoing) => {
  outgoing.writeHead(200, { "content-type": "text/event-stream" });
  outgoing.write("event: ping\ndata: 15000\n\n");
  open.add(outgoing);
  outgoing.once("close", () => open.delete(outgoing));
});
await new Promise<void>((resolve) => bare.listen(0, hostname, resolve));

// a page that is open here, of the group of all others, tells what they are sent
const own = await dashboard.fetch(new Request(`http://${hostname}/live?view=/updates`), { address: hostname });
const reader = own.body!.getReader();
let message = new Uint8Array();
let came = () => {};
async function read(): Promise<void> {
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (part.value.byteLength < 1000) continue;
    message = part.value;
    came();
  }
}
const whole = new Promise<void>((resolve) => came = resolve);
void read();
await whole;

let changes = 0;
const told = (began: number) => console.log(JSON.stringify({ began, bytes: message.byteLength }));
const now = () => performance.timeOrigin + performance.now();
const tasks: Record<string, () => Promise<void> | void> = {
  async change() {
    const next = new Promise<void>((resolve) => came = resolve);
    const began = now();
    context.change(update(++changes % updates, changes));
    await next;
    told(began);
  },
  send() {
    const began = now();
    for (const outgoing of open) outgoing.write(message);
    told(began);
  },
};
console.log(JSON.stringify({ dashboard: server.port, bare: (bare.address() as AddressInfo).port }));
for await (const line of createInterface({ input: process.stdin })) await tasks[line]?.();
process.exit();
