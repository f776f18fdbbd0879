import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { serve } from "../../core/runtime/serve.ts";

/** An OpenID issuer on loopback: its discovery document, its keys, and tokens signed by them. */
export interface Issuer {
  url: string;
  /** A token of these claims; `iss`, `aud` (`headwind`), `sub` (`subject`), `iat` and `exp` (in 5 min) unless they say otherwise. */
  token(claims?: JWTPayload, how?: { key?: CryptoKey; kid?: string }): Promise<string>;
  /** Paths asked for so far. */
  asked: string[];
  /** Answers as it says, in place of its own answer, for paths that end so. */
  answers: Map<string, () => Response>;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const asked: string[] = [];
  const answers = new Map<string, () => Response>();
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const published = { ...await exportJWK(publicKey), kid: "key-1", use: "sig", alg: "RS256" };
  const server = await serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      for (const [end, answer] of answers) if (pathname.endsWith(end)) return answer();
      if (pathname === "/.well-known/openid-configuration") {
        return Response.json({ issuer: url, jwks_uri: `${url}/keys`, authorization_endpoint: `${url}/authorize` });
      }
      if (pathname !== "/keys") return new Response("not found", { status: 404 });
      return Response.json({ keys: [published] });
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    asked,
    answers,
    async token(claims = {}, { key = privateKey, kid = published.kid } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: url, aud: "headwind", sub: "subject", iat: now, exp: now + 300, ...claims };
      return await new SignJWT(all).setProtectedHeader({ alg: "RS256", kid }).sign(key);
    },
    stop: () => server.stop(),
  };
}
