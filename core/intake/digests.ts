import { loginOf } from "./registry_access.ts";
import { RegistryError } from "../registry/errors.ts";
import { onceShown } from "./shown.ts";
import type { VersionLookup } from "./registry_access.ts";
import type { Want } from "./wanted.ts";

/**
 * The digests of the tags that containers of one repository want, asked once for each tag, when first needed. Where a
 * container's login may not read, that of the next is tried, so that one wrong pull secret keeps no other waiting.
 */
export function digestsOf(wants: readonly Want[], lookup: VersionLookup): (tag: string) => Promise<string | undefined> {
  const asked = new Map<string, Promise<string | undefined>>();

  async function ask(tag: string): Promise<string | undefined> {
    const tried = new Set<string>();
    let refusal: unknown;
    for (const { use, candidate } of wants) {
      if (candidate.tag !== tag) continue;
      const login = loginOf(use.workload);
      if (tried.has(login)) continue;
      tried.add(login);
      try {
        return await onceShown(() => lookup(use, tag), candidate.digest);
      } catch (error) {
        if (!(error instanceof RegistryError) || error.kind !== "unauthorized") throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  return (tag) => {
    const answer = asked.get(tag) ?? ask(tag);
    asked.set(tag, answer);
    return answer;
  };
}
