import { withHubHost, writtenNames } from "../versions/docker_hub.ts";
import { hmac, isSameSecret, LEAST_SECRET } from "../lib/shared_secret.ts";
import { BadRequest } from "./http_errors.ts";
import { BODY_LIMIT, readBody } from "./request_body.ts";
import type { Log } from "../plugin.ts";
import { readTextFile } from "../runtime/process.ts";

/** A webhook call whose body was read, and what it proves. */
export interface VerifiedCall {
  body: Uint8Array<ArrayBuffer>;
  /** False: it proved nothing, and is a hint. */
  proven: boolean;
  /** Whether it may speak of a repository. */
  proves(repository: string): boolean;
}

export interface VerifyOptions {
  secrets: WebhookSecrets;
  /** Whether calls that prove nothing are taken as hints. */
  hints: boolean;
  /** Told of a hint before its body is read; throws where it is one too many. */
  onHint(): void;
}

/** Bodies of hints above this are refused. */
const HINT_LIMIT = 64 * 1024;

/**
 * Asks who calls before the body is read, as far as the head tells: only a signature needs it.
 *
 * @throws {BadRequest} 401 for a proof that is wrong or absent, 403 where there is no secret that could be proven
 */
export async function verifyCall(
  request: Request,
  url: URL,
  { secrets, hints, onHint }: VerifyOptions,
): Promise<VerifiedCall> {
  const all = await secrets();
  const proof = all.length === 0 ? undefined : proofOf(request.headers, url);
  if (!proof) {
    if (!hints) throw all.length > 0 ? unproven(NOTHING_SHOWN) : noSecret();
    onHint();
    return { body: await readBody(request, HINT_LIMIT), proven: false, proves: () => true };
  }
  const shown = proof.type === "token" ? secretsOfToken(proof, all) : undefined;
  if (shown?.length === 0) throw unproven(WRONG_PROOF);
  const body = await readBody(request, BODY_LIMIT);
  const known = shown ?? secretsOfSignature(proof, all, body);
  if (known.length === 0) throw unproven(WRONG_PROOF);
  return { body, proven: true, proves: (repository) => provesRepository(repository, known, all) };
}

const NOTHING_SHOWN = "the call does not prove that it knows the secret: X-Hub-Signature-256, a bearer token, " +
  "X-Gitlab-Token or ?token= is wanted";
const WRONG_PROOF =
  "the call does not prove that it knows the secret: its token, or its signature of this body, is wrong";

const unproven = (why: string): BadRequest => new BadRequest(why, undefined, 401);

function noSecret(): BadRequest {
  return new BadRequest(
    "webhooks are refused while no secret is set: set HEADWIND_WEBHOOK_SECRET or HEADWIND_WEBHOOK_SECRETS_FILE, or " +
      "HEADWIND_WEBHOOK_HINTS=true to take calls that prove nothing as hints",
    undefined,
    403,
  );
}

/** What to log at the start of how webhooks are taken; undefined where they all prove themselves. */
export function webhookWarning(hasSecret: boolean, hints: boolean): string | undefined {
  if (hints) {
    return "HEADWIND_WEBHOOK_HINTS is set: anybody who reaches the webhook port has the registry asked for versions, and " +
      `what it has of them offered${hasSecret ? "" : "; set HEADWIND_WEBHOOK_SECRET, and leave the hints out"}`;
  }
  if (hasSecret) return undefined;
  return "no secret of webhooks is set, so that all of them are refused: set HEADWIND_WEBHOOK_SECRET (as the registry's " +
    "webhook shows it) or HEADWIND_WEBHOOK_SECRETS_FILE; polling works without";
}

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
export function proofOf(headers: Headers, url: URL): Proof | undefined {
  const signature = headers.get("x-hub-signature-256");
  if (signature !== null) return { type: "signature", text: signature };
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const text = bearer ?? headers.get("x-gitlab-token") ?? url.searchParams.get("token");
  return text === null || text === undefined ? undefined : { type: "token", text };
}

export const matchesToken = ({ text }: Proof, secret: string): boolean => isSameSecret(text, secret);

export const matchesSignature = ({ text }: Proof, secret: string, body: Uint8Array): boolean =>
  isSameSecret(text, `sha256=${hmac(secret, body)}`);

/** A secret, and which repositories' webhooks it proves. */
export interface WebhookSecret {
  /** `reg.example/team`: that repository and all below it; empty for all. */
  prefix: string;
  secret: string;
}

const mostLines = 100;

const HOST = String.raw`(?:localhost|(?=[^/]*[.:])[A-Za-z0-9.-]+|\[[A-Fa-f0-9:]+\])(?::\d+)?`;
const PREFIX = new RegExp(String.raw`^(?:\*|${HOST}(?:/[a-z0-9._-]+)*/?)$`);

/**
 * Lines of `prefix=secret`; `*` stands for all repositories, and a line that is empty or begins with `#` says nothing.
 *
 * @throws with a sentence that names the line, and no secret
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
  return withHubHost(prefix.replace(/\/$/, "").toLowerCase());
}

/** The secrets that a token is. The time taken tells nothing of which they are. */
export const secretsOfToken = (token: Proof, secrets: readonly WebhookSecret[]): WebhookSecret[] =>
  secrets.filter(({ secret }) => matchesToken(token, secret));

/** The secrets by which a body is signed. The time taken tells nothing of which they are. */
export const secretsOfSignature = (
  signature: Proof,
  secrets: readonly WebhookSecret[],
  body: Uint8Array,
): WebhookSecret[] => secrets.filter(({ secret }) => matchesSignature(signature, secret, body));

/** Whether one of the `known` secrets is for this repository: those with the longest prefix of `all` that fits are. */
export function provesRepository(
  repository: string,
  known: readonly WebhookSecret[],
  all: readonly WebhookSecret[],
): boolean {
  const names = writtenNames(repository.toLowerCase());
  const fits = ({ prefix }: WebhookSecret) =>
    prefix === "" || names.some((one) => one === prefix || one.startsWith(`${prefix}/`));
  const longest = Math.max(...all.filter(fits).map(({ prefix }) => prefix.length));
  return known.some((one) => fits(one) && one.prefix.length === longest);
}

/** The secrets of webhooks as they are now. */
export type WebhookSecrets = () => Promise<readonly WebhookSecret[]>;

export interface SecretsOptions {
  /** `HEADWIND_WEBHOOK_SECRET`: for all repositories. */
  secret: string | undefined;
  /** `HEADWIND_WEBHOOK_SECRETS_FILE`. */
  file: string | undefined;
  log: Log;
  /**
   * Milliseconds for which the file is not read again.
   *
   * @default 10_000
   */
  freshMs?: number;
  now?(): number;
}

/**
 * Reads the file, and again when a call comes and it was read a while ago, since a mounted Secret may change; one that
 * cannot be read any more leaves the secrets as they were.
 *
 * @throws where it cannot be read at the start
 */
export async function createWebhookSecrets(options: SecretsOptions): Promise<WebhookSecrets> {
  const { secret, file, log, freshMs = 10_000, now = () => performance.now() } = options;
  const single = secret === undefined ? [] : [{ prefix: "", secret }];
  if (file === undefined) return () => Promise.resolve(single);
  const read = async () => [...parseWebhookSecrets(await readTextFile(file)), ...single];
  let secrets = await read().catch((error: Error) => {
    throw new Error(`HEADWIND_WEBHOOK_SECRETS_FILE: ${file}: ${error.message}`);
  });
  let [readAt, told] = [now(), ""];
  return async () => {
    if (now() - readAt < freshMs) return secrets;
    readAt = now();
    try {
      secrets = await read();
      told = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== told) {
        log.warn("the file of webhook secrets cannot be read: they stay as they were", { file, error });
      }
      told = message;
    }
    return secrets;
  };
}
