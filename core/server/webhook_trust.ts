import { BadRequest } from "./errors.ts";
import { BODY_LIMIT, readBody } from "./body.ts";
import { proofShown } from "./trust.ts";
import { provesRepository, secretsOfSignature, secretsOfToken } from "./webhook_secrets.ts";
import type { WebhookSecrets } from "./secrets_file.ts";

/** A webhook call whose body was read, and what it proves. */
export interface WebhookTrust {
  body: Uint8Array<ArrayBuffer>;
  /** False: it proved nothing, and is a hint. */
  proven: boolean;
  /** Whether it may speak of a repository. */
  proves(repository: string): boolean;
}

export interface TrustOptions {
  secrets: WebhookSecrets;
  /** Whether calls that prove nothing are taken as hints. */
  hints: boolean;
  /** Told of a hint before its body is read; throws where it is one too many. */
  onHint(): void;
}

/** Bodies of hints above this are refused. */
const HINT_LIMIT = 64 * 1024;

/**
 * Asks who calls before the body is read, as far as the head tells: only a signature needs it. Throws `BadRequest`: 401
 * for a proof that is wrong or absent, 403 where there is no secret that could be proven.
 */
export async function trustIn(
  request: Request,
  url: URL,
  { secrets, hints, onHint }: TrustOptions,
): Promise<WebhookTrust> {
  const all = await secrets();
  const proof = all.length === 0 ? undefined : proofShown(request.headers, url);
  if (!proof) {
    if (!hints) throw all.length > 0 ? unproven(NOTHING_SHOWN) : noSecret();
    onHint();
    return { body: await readBody(request, HINT_LIMIT), proven: false, proves: () => true };
  }
  const shown = proof.type === "token" ? secretsOfToken(proof, all) : undefined;
  if (shown?.length === 0) throw unproven(WRONG_PROOF);
  const body = await readBody(request, BODY_LIMIT);
  const known = shown ?? await secretsOfSignature(proof, all, body);
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
