import { type Audit, audited } from "./audit.ts";
import { AlreadyDecided, type Decisions } from "../requests/store.ts";
import { BadRequest, refusalByAdmission } from "./http_errors.ts";
import {
  type Caller,
  clientOf,
  requireProvenRight,
  requireRight,
  requireServed,
  rightOnRequests,
  signatureOf,
} from "./callers.ts";
import type { Decision, UpdateRequest } from "../requests/update_request.ts";
import type { Log } from "../plugin.ts";

/** A person's word on an update, as they say it. */
export interface DecisionWish {
  namespace: string;
  name: string;
  approved: boolean;
  /** In whose name, where they say one. */
  approver?: string | undefined;
  reason?: string | undefined;
  /** The way it came. */
  via: "api" | "dashboard";
}

export interface DecideOptions {
  decisions: Decisions;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  audit: Audit;
  log: Log;
}

export interface Decided {
  /** With the decision. */
  request: UpdateRequest;
  by: string;
}

/**
 * Writes what somebody says of an update, once it is known that they may: by their own token, so that the API server judges, or in
 * their name after asking it.
 *
 * @throws {BadRequest} 403 where they may not, 404 where there is none, 409 where it does not wait any more: then its cause is an
 * `AlreadyDecided`
 */
export async function decideUpdate(caller: Caller, wish: DecisionWish, options: DecideOptions): Promise<Decided> {
  const { namespace, name, approved, approver: said, reason } = wish;
  const action = approved ? "approve" : "reject";
  const done = { action, kind: "UpdateRequest", namespace, name, said, reason } as const;
  return await audited(options.audit, caller, done, () => decide(caller, wish, options));
}

async function decide(
  caller: Caller,
  { namespace, name, approved, approver, reason, via }: DecisionWish,
  { decisions, namespaces, log }: DecideOptions,
): Promise<Decided> {
  requireServed(namespace, namespaces);
  const by = signatureOf(caller, approver);
  const decision: Decision = { approved, by, via, ...(reason === undefined ? {} : { reason }) };
  const line = log.with({ updateRequest: `${namespace}/${name}`, by, proof: caller.kind });
  try {
    const right = rightOnRequests("approve", namespace, name);
    await requireRight(caller, right);
    const request = await decisions.decide(namespace, name, decision, clientOf(caller)).catch(async (error) => {
      // who decided, and why, is told to nobody who may not
      if (error instanceof AlreadyDecided) await requireProvenRight(caller, right);
      throw error;
    });
    if (!request) {
      await requireProvenRight(caller, right);
      throw noSuchUpdate(namespace, name);
    }
    line.info(`update ${approved ? "approved" : "rejected"}`, { via });
    return { request, by };
  } catch (error) {
    const refusal = refusalOf(error, `${namespace}/${name}`);
    if (refusal instanceof BadRequest && refusal.status === 403) {
      line.warn("a decision is refused", { error: refusal });
    }
    throw refusal;
  }
}

function refusalOf(error: unknown, key: string): unknown {
  if (error instanceof AlreadyDecided) return new BadRequest(`${key}: ${error.message}`, undefined, 409, error);
  return refusalByAdmission(error);
}

export const noSuchUpdate = (namespace: string, name: string): BadRequest =>
  new BadRequest(`there is no UpdateRequest ${namespace}/${name}`, undefined, 404);
