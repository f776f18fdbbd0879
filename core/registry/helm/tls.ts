import { authorityFault, type CertificatePair, type TryCertificate } from "../../runtime/certificates.ts";
import type { PullSecret } from "../docker_config.ts";
import { secretTexts } from "./source_secrets.ts";
import { createBudget } from "../budget.ts";
import { sha256 } from "../credentials.ts";
import { createLru } from "../../lib/lru.ts";

/** What a chart repository's TLS needs beyond the operator's own, as PEM. */
export interface TlsIdentity {
  ca?: string;
  /** The client's certificate, and its key. */
  client?: { cert: string; key: string };
}

const KEYS = { ca: "ca.crt", cert: "tls.crt", key: "tls.key" } as const;
/** In the Secret of the login, as Flux had it before `certSecretRef`. */
const OLD_KEYS = { ca: "caFile", cert: "certFile", key: "keyFile" } as const;

const SETTING = "HEADWIND_HELM_CLIENT_CERTIFICATES";

/**
 * Reads a Secret `which` (`namespace/name`) that `certSecretRef` names (`keys` "new"), or the older keys in the Secret of the login
 * ("old"; undefined where there are none). Gives a sentence that names the key where one is missing or is not what it should be, and
 * where there is a client certificate but none may be used, for lack of `check`.
 *
 * Source: https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/helmrepositories.md#cert-secret-reference
 */
export async function tlsOf(
  secret: PullSecret,
  { namespace, name }: { namespace: string; name: string },
  keys: "new" | "old",
  check?: CertificateCheck,
): Promise<TlsIdentity | string | undefined> {
  const which = `${namespace}/${name}`;
  const names = keys === "new" ? KEYS : OLD_KEYS;
  const texts = secretTexts(secret, Object.values(names), which);
  if (typeof texts === "string") return texts;
  const { [names.ca]: ca, [names.cert]: cert, [names.key]: key } = texts;
  if (ca === undefined && cert === undefined && key === undefined) {
    return keys === "old" ? undefined : `Secret ${which} has neither the key ca.crt, nor tls.crt and tls.key.`;
  }
  const lacking = (there: string, missing: string) => `Secret ${which} has the key ${there}, but not ${missing}.`;
  if (cert === undefined && key !== undefined) return lacking(names.key, names.cert);
  if (cert !== undefined && key === undefined) return lacking(names.cert, names.key);
  const client = cert === undefined ? undefined : { cert, key: key! };
  if (client && !check) {
    return `Secret ${which} has a client certificate (${names.cert}), which is used only with ${SETTING}=true.`;
  }
  const fault = (ca === undefined ? undefined : authorityFault(ca, names.ca)) ??
    (client && await check!(namespace, client, names));
  if (fault !== undefined) return `Secret ${which} has ${fault}.`;
  return { ...(ca === undefined ? {} : { ca }), ...(client ? { client } : {}) };
}

/** As `TryCertificate`, for the pair of a Secret in this namespace. */
export type CertificateCheck = (
  namespace: string,
  pair: CertificatePair,
  names: CertificatePair,
) => Promise<string | undefined>;

const known = 1024;

/** Tries each pair once, by its content, unless that could not be done; one at a time, namespaces in turns. */
export function createCertificateCheck(tryCertificate: TryCertificate): CertificateCheck {
  const verdicts = createLru<{ fault?: string }>(known);
  const budget = createBudget(1);
  return async (namespace, pair, names) => {
    const key = await sha256(new TextEncoder().encode(JSON.stringify([pair.cert, pair.key, names.cert, names.key])));
    return await budget.run(namespace, async () => {
      const verdict = verdicts.get(key);
      if (verdict) return verdict.fault;
      try {
        const fault = await tryCertificate(pair, names);
        verdicts.set(key, fault === undefined ? {} : { fault });
        return fault;
      } catch (error) {
        return `a ${names.cert} that could not be tried: ${
          error instanceof Error ? error.message : "no process started"
        }`;
      }
    });
  };
}
