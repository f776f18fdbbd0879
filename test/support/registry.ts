import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseAccessLog, type Registry, type RegistryOptions, startRegistry } from "../../scripts/testbed/registry.ts";
import { shared } from "./shared.ts";

/**
 * The OCI registry that the test runner shares between files: use repositories of a name of your own, and count only their requests.
 * One of its own where there is none, or where there are `options`. Call `stop` when done; it ends only what was started here.
 */
export async function registry(options?: RegistryOptions): Promise<Registry> {
  const { [shared.registry]: host, [shared.registryLog]: log } = process.env;
  if (options || !host || !log) return await startRegistry(options);
  return {
    host,
    url: `http://${host}`,
    log,
    requests: async () => parseAccessLog(await readFile(log, "utf8")),
    stop: async () => {},
  };
}
