import { knowsToken, type Proof, signs } from "./trust.ts";

/** A secret, and which repositories' webhooks it proves. */
export interface WebhookSecret {
  /** `reg.example/team`: that repository and all below it; empty for all. */
  prefix: string;
  secret: string;
}

/** Shorter ones can be guessed. */
export const LEAST_SECRET = 16;
const mostLines = 100;

const HOST = String.raw`(?:localhost|(?=[^/]*[.:])[A-Za-z0-9.-]+|\[[A-Fa-f0-9:]+\])(?::\d+)?`;
const PREFIX = new RegExp(String.raw`^(?:\*|${HOST}(?:/[a-z0-9._-]+)*/?)$`);

/**
 * Lines of `prefix=secret`; `*` stands for all repositories, and a line that is empty or begins with `#` says nothing.
 * Throws with a sentence that names the line, and no secret.
 */
export function parseWebhookSecrets(text: string): WebhookSecret[] {
  const secrets = text.split("\n").flatMap((written, index): WebhookSecret[] => {
    const line = written.trim();
    const refuse = (why: string) => new Error(`line ${index + 1} ${why}`);
    if (line === "" || line.startsWith("#")) return [];
    const at = line.indexOf("=");
    if (at < 0) throw refuse("is not prefix=secret");
    const [prefix, secret] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (!PREFIX.test(prefix)) throw refuse("begins with no prefix of repositories, such as reg.example/team, or *");
    if (secret.length < LEAST_SECRET) throw refuse(`has a secret of less than ${LEAST_SECRET} characters`);
    return [{ prefix: canonical(prefix), secret }];
  });
  if (secrets.length > mostLines) throw new Error(`it has more than ${mostLines} secrets`);
  return secrets;
}

function canonical(prefix: string): string {
  if (prefix === "*") return "";
  return prefix.replace(/\/$/, "").toLowerCase().replace(/^index\.docker\.io(?=\/|$)/, "docker.io");
}

/** The secrets that a token is. The time taken tells nothing of which they are. */
export const secretsOfToken = (token: Proof, secrets: readonly WebhookSecret[]): WebhookSecret[] =>
  secrets.filter(({ secret }) => knowsToken(token, secret));

/** The secrets by which a body is signed. The time taken tells nothing of which they are. */
export async function secretsOfSignature(
  signature: Proof,
  secrets: readonly WebhookSecret[],
  body: Uint8Array<ArrayBuffer>,
): Promise<WebhookSecret[]> {
  const known: WebhookSecret[] = [];
  for (const one of secrets) {
    if (await signs(signature, one.secret, body)) known.push(one);
  }
  return known;
}

/** Whether one of the `known` secrets is for this repository: those with the longest prefix of `all` that fits are. */
export function provesRepository(
  repository: string,
  known: readonly WebhookSecret[],
  all: readonly WebhookSecret[],
): boolean {
  const name = repository.toLowerCase();
  // people write docker.io/nginx for docker.io/library/nginx
  const names = [name, name.replace(/^docker\.io\/library\//, "docker.io/")];
  const fits = ({ prefix }: WebhookSecret) =>
    prefix === "" || names.some((one) => one === prefix || one.startsWith(`${prefix}/`));
  const longest = Math.max(...all.filter(fits).map(({ prefix }) => prefix.length));
  return known.some((one) => fits(one) && one.prefix.length === longest);
}
