import type { CertificatePair } from "../../runtime/client_certificate.ts";
import type { TryCertificate } from "../../runtime/certificate_trial.ts";
import { createBudget } from "../budget.ts";
import { sha256 } from "../identity.ts";
import { createLru } from "../../lib/lru.ts";

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
