import { INSTALL_CRD, isMissingCrd, MISSING_CRD } from "../requests/store.ts";
import { isForbidden, type KubeError } from "../kube/kube_error.ts";
import type { Log } from "../plugin.ts";
import { createLru } from "../lib/lru.ts";

/** What a watch is of: a kind, in one namespace or in all. */
export interface Watched {
  resource: string;
  namespace?: string | undefined;
}

/** Tells of what goes wrong with watches: of what a person has to mend once, until it is mended. */
export interface WatchProblems {
  failed(watched: Watched, error: Error): void;
  /** It was listed or watched. */
  went(watched: Watched): void;
  /** The API server does not serve the kind, which need not be there. */
  absent(watched: Watched): void;
  /** What a person has to mend of a kind, a sentence each without a full stop. */
  of(resource: string): string[];
}

/** Kinds times namespaces; beyond that what was told first is forgotten. */
const most = 10_000;

export function createWatchProblems(log: Pick<Log, "warn" | "error" | "info">): WatchProblems {
  const told = createLru<Watched & { sentence: string }>(most);
  const keyOf = ({ resource, namespace = "" }: Watched) => `${resource} ${namespace}`;
  const once = (watched: Watched, sentence: string, tell: () => void) => {
    const key = keyOf(watched);
    if (told.get(key)?.sentence === sentence) return;
    told.set(key, { ...watched, sentence });
    tell();
  };
  return {
    failed(watched, error) {
      const { resource, namespace } = watched;
      const place = namespace === undefined ? {} : { namespace };
      if (isMissingCrd(error)) {
        const others = told.values().some(({ sentence }) => sentence === MISSING_CRD);
        return once(watched, MISSING_CRD, () => {
          if (!others) log.error(`${MISSING_CRD}; ${INSTALL_CRD}, and then it goes on by itself`, { resource });
        });
      }
      if (isForbidden(error)) {
        const sentence = `${resource} of ${namespace ?? "all namespaces"} may not be read`;
        return once(watched, sentence, () => {
          const { said } = error as KubeError;
          log.error(`${sentence}: Headwind needs the rights of deploy/rbac.yaml, and then goes on by itself`, {
            resource,
            ...place,
            said,
          });
        });
      }
      log.warn("a watch is interrupted", { resource, ...place, error });
    },
    went(watched) {
      for (const key of new Set([keyOf(watched), keyOf({ resource: watched.resource })])) {
        const before = told.get(key);
        if (!before) continue;
        told.delete(key);
        log.info("it goes on", { resource: watched.resource, after: before.sentence });
      }
    },
    absent(watched) {
      const { resource } = watched;
      const sentence = `the cluster serves no ${resource}`;
      once({ resource }, sentence, () => log.info(`${sentence}: they are looked for again each minute`, { resource }));
    },
    of: (resource) => [
      ...new Set(told.values().filter((one) => one.resource === resource).map(({ sentence }) => sentence)),
    ],
  };
}
