const encoder = new TextEncoder();

/** What a webhook call shows of itself. */
export interface Shown {
  headers: Headers;
  url: URL;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Whether a call knows the secret: by `X-Hub-Signature-256` (HMAC-SHA-256 of the body, as GitHub signs), a bearer
 * token, `X-Gitlab-Token`, or `?token=`. Compared by their hashes, so that the time taken tells nothing.
 */
export async function knowsSecret({ headers, url, body }: Shown, secret: string): Promise<boolean> {
  const signature = headers.get("x-hub-signature-256");
  if (signature !== null) return await sameText(signature, `sha256=${await hmac(secret, body)}`);
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const token = bearer ?? headers.get("x-gitlab-token") ?? url.searchParams.get("token");
  return token !== null && token !== undefined && await sameText(token, secret);
}

/** Whether two texts are the same, compared by their hashes. */
export async function sameText(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([hmac(b, encoder.encode(a)), hmac(b, encoder.encode(b))]);
  return x === y;
}

/** HMAC-SHA-256 in hexadecimal digits. */
export async function hmac(secret: string, message: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signed = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  return [...signed].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
