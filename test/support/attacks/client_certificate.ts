import { Buffer } from "node:buffer";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";
import { helmRepository } from "../../e2e/flux.ts";
import type { Attack } from "./attack.ts";
import { polledRelease, serve } from "./served.ts";

/** Client certificates that OpenSSL reads and the TLS of Deno ends the process over, by `certSecretRef` and by the older keys. */
const attack: Attack = {
  name: "client_certificate",
  async begin({ tenant }, signal) {
    const { url } = await serve(signal, (_, response) => response.end("apiVersion: v1\nentries: {}\n"));
    const { cert, key } = createAuthority("a tenant's").client("tenant");
    const der = Buffer.from(cert.replace(/-----[^-]*-----|\s/g, ""), "base64");
    const longer = Buffer.concat([der, Buffer.alloc(50)]).toString("base64").match(/.{1,64}/g)!.join("\n");
    const bad = `-----BEGIN CERTIFICATE-----\n${longer}\n-----END CERTIFICATE-----\n`;
    // of the same server, but each a repository of its own
    const secrets = {
      "new-keys": [{ "tls.crt": bad, "tls.key": key }, "certSecretRef"],
      "old-keys": [{ certFile: bad, keyFile: key }, "secretRef"],
      "authority": [{ "ca.crt": bad }, "certSecretRef"],
    } as const;
    for (const [name, [stringData, field]] of Object.entries(secrets)) {
      await tenant.create({ apiVersion: "v1", kind: "Secret", metadata: { name }, stringData } as never);
      await tenant.create(helmRepository(name, `${url}/${name}`, { [field]: { name } }));
      await tenant.create(polledRelease(name, "web", name));
    }
  },
};
export default attack;
