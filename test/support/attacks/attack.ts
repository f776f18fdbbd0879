import type { Registry } from "../../../scripts/testbed/registry.ts";
import type { TestNamespace } from "../test_namespace.ts";
import type { Cluster } from "../cluster.ts";

/** The namespace of somebody who may do there what the ClusterRole `admin` and Flux's own roles allow, and nothing elsewhere. */
export interface Tenant extends TestNamespace {
  /** Of their service account. */
  token: string;
}

/** A workload of somebody else, which is to be updated in its usual time whatever a tenant or a sender does. */
export interface Victim {
  /** As an administrator sees it. */
  ns: TestNamespace;
  /** Of its Deployment, whose container is `app`. */
  name: string;
  /** Its image without a tag, in the registry of the world. */
  repository: string;
  /** Pushes its next version and tells of it by a proven webhook: milliseconds from there until the workload is patched. */
  update(): Promise<number>;
}

/** What an attack has before it. */
export interface AttackWorld {
  /** As an administrator: for what the attacker would find there already. */
  cluster: Cluster;
  tenant: Tenant;
  /** Whom it may be aimed at. */
  victim: Omit<Victim, "update">;
  /** Base URLs of the operator. */
  operator: { webhook: string; api: string; metrics: string };
  /** Where the victims' images are. */
  registry: Pick<Registry, "host">;
  /** Proves a webhook: for what one who knows it may do, such as the CI of a project. */
  secret: string;
}

/** Something that a tenant, a sender, a registry or a neighbour does. */
export interface Attack<Begun = unknown> {
  /** As its file is called, such as `slow_pages`. */
  name: string;
  /** Settings of the operator without which it cannot even begin. All attacks are also run together: they may not contradict. */
  env?: Record<string, string>;
  /** Resolves once it is under way, with what there is to look at. It goes on, and its servers listen, until the signal is aborted. */
  begin(world: AttackWorld, signal: AbortSignal): Promise<Begun>;
}
