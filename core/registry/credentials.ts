import { hash } from "node:crypto";
import { encodeBase64 } from "../lib/bytes.ts";

/** A login at one registry. */
export interface Credentials {
  username?: string;
  password?: string;
  /** An OAuth 2 refresh token, for the token service. */
  identityToken?: string;
  /** A token for the registry itself. */
  registryToken?: string;
}

/** A name for whose answers something is, from which the secret cannot be found; `""` without a login. */
export async function identityOf(credentials: Credentials | undefined): Promise<string> {
  const { username = "", password = "", identityToken = "", registryToken = "" } = credentials ?? {};
  const parts = [username, password, identityToken, registryToken];
  return parts.every((part) => part === "") ? "" : await sha256(new TextEncoder().encode(JSON.stringify(parts)));
}

/** SHA-256 in hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hash("sha256", bytes, "hex");
}

/** The value of an `Authorization` header for Basic; user name and password in UTF-8 (RFC 7617). */
export function basicAuth(username: string, password: string): string {
  return `Basic ${encodeBase64(`${username}:${password}`)}`;
}

/** The value of an `Authorization` header for Bearer; undefined when the token cannot stand in a header. */
export function bearerAuth(token: string): string | undefined {
  return /^[\x21-\x7e]+$/.test(token) ? `Bearer ${token}` : undefined;
}
