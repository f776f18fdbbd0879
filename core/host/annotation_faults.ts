import * as z from "zod";
import { CORE_ANNOTATIONS } from "../workloads/annotations.ts";
import type { CheckPlugin } from "../plugin.ts";

/** What keeps a check's annotations from being used beside those of core and of the checks before it, a sentence each. */
export function annotationFaults(plugin: CheckPlugin, before: readonly CheckPlugin[]): string[] {
  const names = namesOf(plugin);
  if (names === undefined) return ["annotations: a zod object with at least one annotation is wanted"];
  const taken = new Set(before.flatMap((other) => namesOf(other) ?? []));
  return names.flatMap((name) => {
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
      return [`annotations: ${name} is no name: lower case letters, digits and - are wanted`];
    }
    if (CORE_ANNOTATIONS.includes(name)) return [`annotations: headwind.sh/${name} is one of Headwind's own`];
    return taken.has(name) ? [`annotations: headwind.sh/${name} belongs to another check`] : [];
  });
}

function namesOf(plugin: CheckPlugin): string[] | undefined {
  try {
    const names = Object.keys(plugin.annotations(z).shape);
    return names.length > 0 ? names : undefined;
  } catch {
    return undefined;
  }
}
