import { connect, type Socket } from "node:net";

/**
 * Keeps so many connections to a server open, and writes `said` on each, until the signal is aborted. One that was closed is dialled
 * again after `againMs`: the machine is not the operator's alone.
 */
export function dialled(
  url: string,
  count: number,
  said: string | Uint8Array,
  signal: AbortSignal,
  againMs = 1_000,
): void {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const dial = () => {
    if (signal.aborted) return;
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    socket.on("connect", () => socket.write(said));
    socket.on("data", () => {});
    socket.on("error", () => {});
    socket.once("close", () => {
      sockets.delete(socket);
      setTimeout(dial, againMs);
    });
  };
  for (let at = 0; at < count; at++) dial();
  signal.addEventListener("abort", () => sockets.forEach((socket) => socket.destroy()));
}
