import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAuthority } from "./certificates.ts";
import type { RegistryOptions } from "./registry.ts";

/**
 * The configuration of Distribution 3 for these options. Writes the files it names (passwords, certificates) to `dir`.
 *
 * Source: https://distribution.github.io/distribution/about/configuration/
 */
export async function registryConfig(options: RegistryOptions, binaries: string, dir: string, port: number) {
  return {
    version: "0.1",
    log: { level: "info", formatter: "text" },
    storage: {
      filesystem: { rootdirectory: join(dir, "data") },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: randomBytes(16).toString("hex"),
      ...(options.tls ? { tls: await tls(dir) } : {}),
    },
    ...(options.auth ? { auth: await auth(options.auth, binaries, dir) } : {}),
    notifications: {
      events: { includereferences: true },
      endpoints: (options.notify ?? []).map(({ url, headers = {} }, index) => ({
        name: `endpoint-${index}`,
        url,
        headers,
        timeout: "5s",
        threshold: 10,
        backoff: "200ms",
      })),
    },
  };
}

async function tls(dir: string) {
  const authority = createAuthority("registry-ca");
  const { cert, key } = authority.server(["127.0.0.1"], ["localhost"]);
  await writeFile(join(dir, "ca.crt"), authority.cert);
  await writeFile(join(dir, "tls.crt"), cert);
  await writeFile(join(dir, "tls.key"), key, { mode: 0o600 });
  return { certificate: join(dir, "tls.crt"), key: join(dir, "tls.key") };
}

async function auth({ htpasswd, token }: NonNullable<RegistryOptions["auth"]>, binaries: string, dir: string) {
  if (htpasswd) {
    const path = join(dir, "htpasswd");
    const line = await promisify(execFile)(join(binaries, "htpasswd"), [htpasswd.user, htpasswd.password]);
    await writeFile(path, line.stdout, { mode: 0o600 });
    return { htpasswd: { realm: "headwind", path } };
  }
  if (!token) return undefined;
  const { certificate, ...names } = token;
  await writeFile(join(dir, "token.crt"), certificate);
  return { token: { ...names, rootcertbundle: join(dir, "token.crt") } };
}
