const encoder = new TextEncoder();

/** What a call shows of a secret. */
export interface Proof {
  /** A signature is of the body. */
  type: "signature" | "token";
  text: string;
}

/**
 * What a call shows, by its head alone: `X-Hub-Signature-256` (HMAC-SHA-256 of the body, as GitHub signs), a bearer token,
 * `X-Gitlab-Token`, or `?token=`; undefined where it shows nothing. A signature goes before the others.
 */
export function proofShown(headers: Headers, url: URL): Proof | undefined {
  const signature = headers.get("x-hub-signature-256");
  if (signature !== null) return { type: "signature", text: signature };
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const text = bearer ?? headers.get("x-gitlab-token") ?? url.searchParams.get("token");
  return text === null || text === undefined ? undefined : { type: "token", text };
}

export const knowsToken = ({ text }: Proof, secret: string): boolean => sameText(text, secret);

export async function signs({ text }: Proof, secret: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return sameText(text, `sha256=${await hmac(secret, body)}`);
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
