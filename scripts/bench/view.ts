import { isFinal, type Phase } from "../../core/requests/phases.ts";
import type { KubeClient } from "../../core/kube/client.ts";
import { watchStream } from "../../core/kube/watch_stream.ts";

/** One change as it is seen from outside, times by `performance.now()`. */
export interface SeenChange {
  /** When a watch first told of the new image in the workload. */
  patchedAt?: number;
  /** When a watch first told of the end of its UpdateRequest. */
  finishedAt?: number;
  /** The phase it ended in. */
  phase?: string;
  /** Resolves with both. */
  over: Promise<void>;
}

/**
 * One watch of the Deployments and one of the UpdateRequests. All that is measured is measured by these, whoever is
 * measured, so that the way of an event to here is in every figure alike.
 */
export interface View {
  follow(name: string, image: string): SeenChange;
  /** Rejects when a watch breaks: then nothing that was measured counts. */
  broken: Promise<never>;
  close(): void;
}

interface Seen {
  metadata: { name: string };
  spec: {
    template?: { spec: { containers: { image: string }[] } };
    targetRef?: { name: string };
    newImage?: string;
  };
  status?: { phase?: Phase };
}

export async function openView(client: KubeClient): Promise<View> {
  const followed = new Map<string, SeenChange & { done(): void }>();
  const closing = new AbortController();
  const settle = (key: string, change: SeenChange & { done(): void }) => {
    if (change.patchedAt === undefined || change.finishedAt === undefined) return;
    followed.delete(key);
    change.done();
  };
  const paths = {
    "/apis/apps/v1/deployments"(object: Seen, now: number) {
      const key = `${object.metadata.name} ${object.spec.template?.spec.containers[0]?.image}`;
      const change = followed.get(key);
      if (!change) return;
      change.patchedAt ??= now;
      settle(key, change);
    },
    "/apis/headwind.sh/v1alpha1/updaterequests"({ spec, status }: Seen, now: number) {
      if (!status?.phase || !isFinal(status.phase)) return;
      const key = `${spec.targetRef?.name} ${spec.newImage}`;
      const change = followed.get(key);
      if (!change) return;
      change.finishedAt ??= now;
      change.phase ??= status.phase;
      settle(key, change);
    },
  };
  const opened: Promise<void>[] = [];
  const ends: Promise<never>[] = [];
  for (const [path, onObject] of Object.entries(paths)) {
    const { metadata } = await client.request<{ metadata: { resourceVersion: string } }>("GET", path, {
      query: { limit: "1" },
    });
    opened.push(
      new Promise((onOpen) => {
        const watchOn = async (resourceVersion: string): Promise<never> => {
          let last = resourceVersion;
          await watchStream(client, path, {
            resourceVersion,
            seconds: 3600,
            idleMs: 3_600_000,
            signal: closing.signal,
            onOpen,
            onEvent(type, object) {
              last = object.metadata.resourceVersion ?? last;
              if (type !== "BOOKMARK") onObject(object as unknown as Seen, performance.now());
            },
          });
          // The API server ends watches of a definition that is new.
          return await watchOn(last);
        };
        ends.push(watchOn(metadata.resourceVersion));
      }),
    );
  }
  const broken = Promise.race(ends);
  for (const end of [...ends, broken]) end.catch(() => {});
  await Promise.race([Promise.all(opened), broken]);
  return {
    follow(name, image) {
      const { promise: over, resolve: done } = Promise.withResolvers<void>();
      const change = { over, done };
      followed.set(`${name} ${image}`, change);
      return change;
    },
    broken,
    close: () => closing.abort(new Error("closed")),
  };
}
