import { builtins } from "../../plugins/builtin.ts";
import type { CheckPlugin, WorkloadPlugin } from "../../core/plugin.ts";
import { UsageError } from "./errors.ts";

export const workloadKinds = builtins.filter((plugin): plugin is WorkloadPlugin => plugin.kind === "workload");
export const checkKinds = builtins.filter((plugin): plugin is CheckPlugin => plugin.kind === "check");

/** Of `kubectl api-resources`. */
const shortNames: Record<string, string> = {
  deploy: "deployments",
  sts: "statefulsets",
  ds: "daemonsets",
  cj: "cronjobs",
  hr: "helmreleases",
};

/** A workload as it is named on the command line; of any kind where none is said. */
export interface NamedWorkload {
  kinds: readonly WorkloadPlugin[];
  name: string;
}

/**
 * Reads `deployment/web`, `deploy/web`, `deployments.apps/web`, `web`.
 *
 * @throws {UsageError}
 */
export function readWorkloadName(text: string): NamedWorkload {
  const [first, second, ...others] = text.split("/");
  if (second === undefined && first) return { kinds: workloadKinds, name: first };
  if (!first || !second || others.length > 0) {
    throw new UsageError(`${text} is no workload's name: deployment/web, deploy/web or web is wanted`);
  }
  const kind = workloadKinds.find((plugin) => isCalled(plugin, first.toLowerCase()));
  if (kind) return { kinds: [kind], name: second };
  const known = workloadKinds.map(({ resource }) => resource.plural).join(", ");
  throw new UsageError(`${first} is no kind that Headwind looks after: these are ${known}`);
}

function isCalled({ resource }: WorkloadPlugin, text: string): boolean {
  const { group, version, plural, kind } = resource;
  const names = [
    plural,
    kind.toLowerCase(),
    ...Object.keys(shortNames).filter((short) => shortNames[short] === plural),
  ];
  return names.some((name) => [name, `${name}.${group}`, `${name}.${version}.${group}`].includes(text));
}

/** `deployment/web` */
export const shortName = (plugin: WorkloadPlugin, name: string): string =>
  `${plugin.resource.kind.toLowerCase()}/${name}`;

/** `deployment.apps/web`, as `kubectl -o name` prints it. */
export function fullName({ resource: { kind, group } }: WorkloadPlugin, name: string): string {
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;
}
