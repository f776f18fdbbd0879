import { certificateFault } from "./client_certificate.ts";
import { createFetch } from "./fetch.ts";

/** What keeps certificates of authorities, in PEM, from being trusted, with the text's name, for a sentence. */
export function authorityFault(pem: string, name: string): string | undefined {
  const fault = certificateFault(pem, name);
  if (fault !== undefined) return fault;
  try {
    createFetch({ ca: [pem], onlyCa: true }).close();
    return undefined;
  } catch {
    return `a ${name} that TLS does not take`;
  }
}
