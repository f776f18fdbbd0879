import { createRegistryAccess } from "../../../core/intake/registry_access.ts";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import type { Credentials } from "../../../core/registry/credentials.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { abortable } from "../../../core/lib/delay.ts";
import { readingNotes } from "./intake_harness.ts";
import { RegistryError, type RegistryErrorKind } from "../../../core/registry/registry_error.ts";
import type { RepositoryRef } from "../../../core/registry/send.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";

export const artifact = { type: "image", repository: "reg.example/app" } as const;
export const images = { app: "reg.example/app:1.0.0" };
export const polling = { "event-source": "polling" };

export type Answer = (login: string) => RegistryErrorKind | "ok" | "silence" | "absent" | "bug";

/** A registry that answers by the login's user name (`-` for none); a pull secret holds the user that its name begins with: `ann.1`. */
export function access(answer: Answer, workloads: WorkloadChanges[], answersAfterMs = 0) {
  const index = createWorkloadIndex();
  for (const [at, changes] of workloads.entries()) {
    index.set(workloadOf({ name: `w${at}`, images, annotations: polling, ...changes }));
  }
  const asked: string[] = [];
  const secretsRead: string[] = [];
  const ask = async <T>(
    what: string,
    { registry, repository }: RepositoryRef,
    login: Credentials | undefined,
    value: (user: string) => T,
    signal?: AbortSignal,
  ): Promise<T> => {
    const user = login?.username ?? "-";
    asked.push(`${what} ${registry}/${repository} ${user}`);
    await new Promise((done) => setTimeout(done, answersAfterMs));
    const kind = answer(user);
    if (kind === "ok") return value(user);
    if (kind === "absent") return undefined as T;
    if (kind === "bug") throw new TypeError("secret of the code");
    if (kind === "silence") return await abortable(new Promise<never>(() => {}), signal);
    throw new RegistryError(kind, registry, `${user}: ${kind}.`);
  };
  const secret = (username: string) => ({
    type: "kubernetes.io/dockerconfigjson",
    data: {
      ".dockerconfigjson": btoa(JSON.stringify({ auths: { "reg.example": { auth: btoa(`${username}:secret`) } } })),
    },
  });
  const notes = readingNotes();
  const registry = createRegistryAccess({
    index,
    watch: notes,
    registry: {
      tags: (ref, login, signal) =>
        ask("tags", ref, login, (user) => ({ tags: [`1.0.0-of.${user}`], notModified: false }), signal),
      digest: (ref, tag, login, signal) => ask(`digest ${tag}`, ref, login, (user) => `sha256:${user}`, signal),
      configType: async () => "",
      origin: (ref, digest, login) =>
        ask(`origin ${digest}`, ref, login, (user) => ({ revision: `${user} reads ${digest}` })),
    },
    charts: { readerOf: () => Promise.reject(new Error("no charts")), lookup: async () => undefined },
    secrets: {
      getSecret: async (namespace, name) => {
        secretsRead.push(`${namespace}/${name}`);
        if (name === "missing") return undefined;
        if (name === "broken") throw new KubeError(500, "InternalError", "etcd");
        return secret(name.split(".")[0]!);
      },
      getServiceAccount: async (_namespace, name) =>
        name === "robot" ? { imagePullSecrets: [{ name: "of-robot" }] } : {},
    },
  });
  const { reader } = registry;
  /** Polls all sources; what each workload is shown. */
  async function poll() {
    const shown = new Map<string, string[]>();
    const sources = await reader.sources(artifact);
    for (const { source } of sources) {
      const versions = await reader.versions(artifact, { source }).catch(() => []);
      for (const slotRef of index.slotsOf(artifact.repository)) {
        if (registry.isOf(source, slotRef)) shown.set(slotRef.workload.name, versions.map(({ tag }) => tag));
      }
    }
    return { sources, shown };
  }
  return { registry, reader, index, asked, secretsRead, poll, ...notes };
}
