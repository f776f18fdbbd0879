import { Buffer } from "node:buffer";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeClient } from "../../../core/kube/client.ts";
import { secretReader } from "../../../core/kube/secret_reader.ts";
import type { Source } from "./types.ts";

/** What a source's Secrets give for its login and its TLS. Files are of `dir`. */
export interface SourceAccess {
  user?: string;
  password?: string;
  ca?: { pem: string; file: string };
  client?: { cert: string; key: string; certFile: string; keyFile: string };
  /** A folder with a `config.json` in Docker's format. */
  dockerConfig?: string;
}

/** Reads `secretRef` and `certSecretRef` of a source. Rejects with a sentence when a Secret is not there. */
export async function readAccess(client: KubeClient, { metadata, spec }: Source, dir: string): Promise<SourceAccess> {
  const { namespace } = metadata;
  const read = async (name: string) => {
    const secret = await secretReader(client).getSecret(namespace, name);
    if (!secret) throw new Error(`failed to get secret '${namespace}/${name}': secrets "${name}" not found`);
    const text = (key: string) => {
      const value = secret.data?.[key];
      return value === undefined ? undefined : Buffer.from(value, "base64").toString();
    };
    return text;
  };
  await mkdir(dir, { recursive: true });
  const keep = async (name: string, content: string) => {
    const path = join(dir, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const access: SourceAccess = {};
  if (spec.secretRef) {
    const text = await read(spec.secretRef.name);
    const [user, password, docker] = [text("username"), text("password"), text(".dockerconfigjson")];
    if (user !== undefined && password !== undefined) Object.assign(access, { user, password });
    if (docker) {
      await keep("config.json", docker);
      access.dockerConfig = dir;
    }
  }
  if (spec.certSecretRef) {
    const text = await read(spec.certSecretRef.name);
    const [ca, cert, key] = [text("ca.crt"), text("tls.crt"), text("tls.key")];
    if (ca) access.ca = { pem: ca, file: await keep("ca.crt", ca) };
    if (cert && key) {
      access.client = { cert, key, certFile: await keep("tls.crt", cert), keyFile: await keep("tls.key", key) };
    }
  }
  return access;
}
