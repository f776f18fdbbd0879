import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One address before several servers of loopback, as a Service is before its pods. */
export interface Balancer {
  url: string;
  stop(): Promise<void>;
}

/** Each connection goes to the next port that accepts it, and ends as soon as that of its server does. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    track(client);
    const order = ports.map((_, index) => ports[(turn + index) % ports.length]!);
    turn++;
    join(client, order);
  });

  function join(client: Socket, [port, ...others]: number[]): void {
    if (port === undefined || client.destroyed) return void client.destroy();
    const backend = connect(port, "127.0.0.1");
    track(backend);
    const refused = () => join(client, others);
    backend.once("error", refused);
    backend.once("connect", () => {
      backend.off("error", refused);
      backend.once("close", () => client.destroy());
      client.once("close", () => backend.destroy());
      if (client.destroyed) return backend.destroy();
      client.pipe(backend);
      backend.pipe(client);
    });
  }

  function track(socket: Socket): void {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
  }

  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
