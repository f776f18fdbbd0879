import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { type Account, type KoaContextWithOIDC, Provider } from "oidc-provider";
import { bodyOf } from "./forward.ts";

/** A certified OpenID provider on loopback, where people sign in by their name alone. */
export interface OpenidProvider {
  url: string;
  clientId: string;
  clientSecret: string;
  stop(): Promise<void>;
}

export interface OpenidProviderOptions {
  /** Where it leads back to. */
  redirectUris: string[];
  /** By the name that they sign in with: the groups that they are in. Others are not let in. */
  people: Record<string, string[]>;
}

/** Starts it on a free port. PKCE is wanted; nobody is asked for consent. */
export async function startOpenidProvider({ redirectUris, people }: OpenidProviderOptions): Promise<OpenidProvider> {
  const server = new Server();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ["headwind-dashboard", "the-secret-of-the-dashboard"];
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const findAccount = (_: KoaContextWithOIDC, id: string): Account => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id,
      preferred_username: id,
      email: `${id}@example.com`,
      email_verified: true,
      groups: people[id] ?? [],
    }),
  });
  const provider = new Provider(url, {
    jwks: { keys: [{ ...await exportJWK(privateKey), kid: "key-1", alg: "RS256", use: "sig" }] },
    cookies: { keys: ["of-the-tests"] },
    clients: [{
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: redirectUris,
      post_logout_redirect_uris: redirectUris.map((uri) => new URL("/", uri).href),
    }],
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username", "groups"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    // else claims of a scope are at the userinfo endpoint alone
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount,
    async loadExistingGrant({ oidc }) {
      const { client, session, provider: own } = oidc;
      const grant = new own.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope("openid profile email groups");
      await grant.save();
      return grant;
    },
  });
  const own = provider.callback();
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!incoming.url?.startsWith("/interaction/")) return void own(incoming, outgoing);
    signIn(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
  });

  async function signIn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (incoming.method !== "POST") {
      outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      return void outgoing.end(
        '<!DOCTYPE html><html lang="en"><title>Sign in</title><link rel="icon" href="data:,"><form method="post">' +
          '<label>Name <input name="name"></label><button>Sign in</button></form>',
      );
    }
    const name = new URLSearchParams((await bodyOf(incoming)).toString()).get("name") ?? "";
    const result = name in people
      ? { login: { accountId: name } }
      : { error: "access_denied", error_description: `${name} is not known here` };
    await provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false });
  }

  return {
    url,
    clientId,
    clientSecret,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
