import { type Callers, createCallers } from "../server/caller.ts";
import type { Config } from "./config.ts";
import type { Fetch } from "../runtime/fetch.ts";
import type { KubeClient, KubeClientHooks, KubeConnection } from "../kube/client.ts";
import { mayDo } from "../kube/access.ts";
import { proxiedPerson } from "../server/proxy_identity.ts";
import { tokenHolders } from "../server/kube_token.ts";

export interface CallersContext {
  connection: KubeConnection;
  /** Headwind's own. */
  client: KubeClient;
  hooks?: KubeClientHooks;
  /** For the OpenID issuer. */
  fetch: Fetch;
}

/** The ways to prove who calls that the settings allow. What checks OpenID tokens is loaded only where there is an issuer. */
export async function callersFor(
  config: Config,
  { connection, client, hooks, fetch }: CallersContext,
): Promise<Callers> {
  const { HEADWIND_OIDC_ISSUER: issuer, HEADWIND_PROXY_SECRET: secret } = config;
  return createCallers({
    open: config.HEADWIND_APPROVALS === "open",
    hosts: config.HEADWIND_API_HOSTS,
    holderOf: tokenHolders(connection, hooks),
    oidc: issuer === undefined ? undefined : { issuer, verify: await verifier(config, issuer, fetch) },
    proxied: secret === undefined ? undefined : (request) =>
      proxiedPerson(request, {
        secret,
        userHeader: config.HEADWIND_PROXY_USER_HEADER,
        groupsHeader: config.HEADWIND_PROXY_GROUPS_HEADER,
      }),
    mayDo: (subject, attributes) => mayDo(client, subject, attributes),
  });
}

async function verifier(config: Config, issuer: string, fetch: Fetch) {
  const { createOidc } = await import("../server/oidc.ts");
  return createOidc({
    issuer,
    audience: config.HEADWIND_OIDC_AUDIENCE,
    usernameClaim: config.HEADWIND_OIDC_USERNAME_CLAIM,
    groupsClaim: config.HEADWIND_OIDC_GROUPS_CLAIM,
    prefix: config.HEADWIND_OIDC_PREFIX,
    fetch,
  });
}
