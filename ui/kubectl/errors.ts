import { isMissingCrd, KubeError, MISSING_CRD, withCause } from "../../core/ui.ts";
import { visible } from "./print.ts";

/** The command line says what is not understood. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** It cannot be done; the message is a sentence for the person who asked. */
export class Failure extends Error {
  override name = "Failure";
}

/** An error in one line; of the API server's refusals its own words. */
export function sentenceOf(error: unknown): string {
  return visible(words(error)).trim() || "it failed, and nothing says why";
}

function words(error: unknown): string {
  if (!(error instanceof KubeError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return `the API server does not answer: ${withCause(error)}`;
  if (error.status === 401) return `the API server does not know who you are: ${error.said || "Unauthorized"}`;
  if (isMissingCrd(error)) return MISSING_CRD;
  return (error.said || error.message) + roleThatLacks(error);
}

const viewer = "; the ClusterRole headwind-viewer, which is part of view, gives that right";
const approver = "; the ClusterRole headwind-approver gives that right";

/** Which role of Headwind's gives the right whose lack the API server tells of. */
function roleThatLacks({ status, said }: KubeError): string {
  if (status !== 403) return "";
  const [, verb] = /cannot (\w+) resource "updaterequests"/.exec(said) ?? [];
  if (verb === "patch" || /it takes the verb approve on updaterequests/.test(said)) return approver;
  return verb === "get" || verb === "list" || verb === "watch" ? viewer : "";
}
