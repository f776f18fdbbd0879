import { RegistryError } from "./errors.ts";
import type { Answer } from "./exchange.ts";
import { apiHost } from "../versions/docker_hub.ts";

/** The error for an answer that gives nothing of `what`, such as `the tags of ghcr.io/team/app`. */
export function refused({ status, url }: Answer, registry: string, what: string): RegistryError {
  if (status === 401 || status === 403) {
    const ledAway = url.host !== new URL(`${url.protocol}//${apiHost(registry)}`).host;
    const message = ledAway
      ? `${registry} leads to ${url.host}, which does not let ${what} be read without a login.`
      : `${registry} does not let ${what} be read with this login.`;
    return new RegistryError("unauthorized", registry, message, { status });
  }
  if (status === 404) return new RegistryError("not-found", registry, `${registry} does not have ${what}.`, { status });
  return new RegistryError("garbage", registry, `${registry} answered ${status} for ${what}.`, { status });
}
