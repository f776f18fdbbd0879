import { isOfKind, type Workload, type WorkloadObject } from "../workloads/workload.ts";
import type { FoundObject, ObjectReference, WorkloadPlugin } from "../plugin.ts";
import { isNotFound, KubeError } from "../kube/kube_error.ts";
import type { KubeClient } from "../kube/client.ts";
import type { KubeObject } from "../kube/list.ts";
import { type ProjectOptions, projectWorkload, trimRelated, trimWorkload } from "../workloads/project.ts";
import { resourcePath } from "../kube/paths.ts";

/**
 * What Headwind keeps of a workload, with what it refers to read by the user's own rights: its plugin is asked again
 * until it asks for no other object.
 *
 * @throws {KubeError} but not where an object may not be read
 */
export async function projectWhole(
  client: KubeClient,
  plugin: WorkloadPlugin,
  object: WorkloadObject,
  options: ProjectOptions,
): Promise<Workload> {
  const trimmed = trimWorkload(plugin, object);
  const found = new Map<string, FoundObject>();
  const kindOf = (reference: ObjectReference) => plugin.related?.find(({ resource }) => isOfKind(resource, reference));

  async function read(reference: ObjectReference): Promise<FoundObject> {
    const { namespace, name } = reference;
    const kind = kindOf(reference);
    if (!kind) return { problem: "its plugin does not look at this kind", passing: false };
    const { resource, keep } = kind;
    try {
      const object = await client.request<KubeObject>("GET", resourcePath(resource, namespace, name));
      return { object: trimRelated(keep, object) };
    } catch (error) {
      if (isNotFound(error)) return { missing: true };
      if (!(error instanceof KubeError) || error.status !== 403) throw error;
      return { problem: error.said || error.message, passing: false };
    }
  }

  for (;;) {
    const asked = new Map<string, ObjectReference>();
    const find = (reference: ObjectReference): FoundObject => {
      const { apiVersion, kind, namespace, name } = reference;
      const key = [apiVersion, kind, namespace, name].join("/");
      const known = found.get(key);
      if (!known) asked.set(key, reference);
      return known ?? { problem: "it is not read yet", passing: true };
    };
    const workload = projectWorkload(plugin, trimmed, options, { find, kindOf: (one) => kindOf(one)?.resource });
    if (asked.size === 0) return workload;
    await Promise.all([...asked].map(async ([key, reference]) => found.set(key, await read(reference))));
  }
}

/** Of workloads of one name those that Headwind looks after, where there are any: a HelmRelease mostly has the name of its Deployment. */
export function preferManaged(all: readonly Workload[]): readonly Workload[] {
  const managed = all.filter(({ annotations, settings }) => settings || annotations.policy !== undefined);
  return managed.length > 0 ? managed : all;
}
