const encoder = new TextEncoder();

/** What a webhook call shows of itself. */
export interface Shown {
  headers: Headers;
  url: URL;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Whether a call knows the secret: by `X-Hub-Signature-256` (HMAC-SHA-256 of the body, as GitHub signs), a bearer
 * token, `X-Gitlab-Token`, or `?token=`.
 */
export async function knowsSecret({ headers, url, body }: Shown, secret: string): Promise<boolean> {
  const signature = headers.get("x-hub-signature-256");
  if (signature !== null) return sameText(signature, `sha256=${await hmac(secret, body)}`);
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const token = bearer ?? headers.get("x-gitlab-token") ?? url.searchParams.get("token");
  return token !== null && token !== undefined && sameText(token, secret);
}

/** Whether a text that was given is a secret one. The time taken tells how long the given one is, and nothing else. */
export function sameText(given: string, secret: string): boolean {
  const [x, y] = [encoder.encode(given), encoder.encode(secret)];
  let difference = x.length ^ y.length;
  for (let at = 0; at < x.length; at++) difference |= x[at]! ^ y[at % y.length]!;
  return difference === 0 && y.length > 0;
}

/** HMAC-SHA-256 in hexadecimal digits. */
export async function hmac(secret: string, message: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signed = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  return [...signed].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
