import * as z from "zod";
import { type Mistake, PREFIX } from "../workloads/annotations.ts";
import type { CheckPlugin } from "../plugin.ts";

/** A check that a workload asks for: what it says of it, or what of it cannot be read. */
export type RequestedCheck =
  & { plugin: CheckPlugin }
  & ({ annotations: Record<string, unknown> } | { mistakes: Mistake[] });

/** All names of annotations of these checks, without `headwind.sh/`. */
export const checkAnnotationNames = (plugins: readonly CheckPlugin[]): string[] =>
  plugins.flatMap((plugin) => Object.keys(plugin.annotations(z).shape));

export interface CheckAnnotations {
  /** Whether a workload with these annotations asks for a check; cheap. */
  has(annotations: Record<string, string>): boolean;
  /** Only those of checks, so that the others need not be kept. */
  pick(annotations: Record<string, string>): Record<string, string>;
  /** The checks that it asks for. Names of `annotations` have their prefix. */
  asked(annotations: Record<string, string>): RequestedCheck[];
}

/** Reads the annotations of these checks. One whose first annotation is missing beside its others is asked for, with a mistake. */
export function readCheckAnnotations(plugins: readonly CheckPlugin[]): CheckAnnotations {
  const known = plugins.map((plugin) => {
    const schema = plugin.annotations(z);
    return { plugin, schema, names: Object.keys(schema.shape) };
  });
  const all = new Set(known.flatMap(({ names }) => names.map((name) => PREFIX + name)));
  return {
    has: (annotations) => Object.keys(annotations).some((name) => all.has(name)),
    pick: (annotations) => Object.fromEntries(Object.entries(annotations).filter(([name]) => all.has(name))),
    asked: (annotations) =>
      known.flatMap(({ plugin, schema, names }): RequestedCheck[] => {
        const set = names.filter((name) => annotations[PREFIX + name] !== undefined);
        const [first] = names;
        if (set.length === 0 || first === undefined) return [];
        if (set[0] !== first) return [{ plugin, mistakes: set.map((name) => alone(name, first)) }];
        const given = Object.fromEntries(set.map((name) => [name, annotations[PREFIX + name]]));
        const read = schema.safeParse(given);
        if (read.success) return [{ plugin, annotations: read.data }];
        return [{ plugin, mistakes: read.error.issues.map((issue) => mistake(issue, first)) }];
      }),
  };
}

const alone = (name: string, first: string): Mistake => ({
  annotation: PREFIX + name,
  message: `${PREFIX}${name} says nothing without ${PREFIX}${first}`,
});

/** Without the value: a URL may hold a secret. */
function mistake({ path, message }: z.core.$ZodIssue, first: string): Mistake {
  const annotation = PREFIX + String(path[0] ?? first);
  return { annotation, message: `${annotation}: ${message}` };
}
