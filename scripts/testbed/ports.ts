import { mkdir, open, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";

/** For as long a port is kept for who got it, until its server listens. */
const KEPT_MS = 120_000;

/**
 * A free port of 127.0.0.1, below the range that outgoing connections take theirs from, that no other process with this
 * cache folder has got from here within two minutes: of those that start at the same time none finds its port taken.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await keep(port) && await canListen(port)) return port;
  }
  throw new Error("no free port between 20000 and 32000");
}

/** Whether nobody else has got it: a file of the port's name, made by the first. */
async function keep(port: number): Promise<boolean> {
  const folder = join(cacheFolder(), "ports");
  const path = join(folder, String(port));
  await mkdir(folder, { recursive: true });
  const since = await stat(path).then(({ mtimeMs }) => mtimeMs, () => undefined);
  if (since !== undefined && since + KEPT_MS > Date.now()) return false;
  if (since !== undefined) await rm(path, { force: true });
  return await open(path, "wx").then((file) => file.close()).then(() => true, () => false);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
