import type { KubeObject } from "./list.ts";
import { objectKey } from "./paths.ts";

export interface WatchedKeysOptions<T> {
  /** What is kept of an object; undefined when it is not of interest, which then counts as absent. */
  project(object: KubeObject): T | undefined;
  onUpsert(key: string, value: T, isTruth: boolean): void;
  onDelete(key: string): void;
  /** Runs one of these functions, and reports what it throws. */
  guarded(action: () => void): void;
}

/** Which objects of a collection were handed on: their keys, and not what they are. */
export interface WatchedKeys {
  /** An object was added or changed. */
  see(object: KubeObject): void;
  drop(key: string): void;
  /** The API server has answered with a state of this object: what a list says that is under way may be older. */
  answered(key: string): void;
  /** Begins to compare what is known with a new list. */
  beginList(): ListComparison;
}

export interface ListComparison {
  see(object: KubeObject): void;
  /** The list starts over. */
  restart(): void;
  /** The list is over, or broke off. */
  end(): void;
  /** Drops what the list did not have. */
  dropAbsent(): void;
}

export function createWatchedKeys<T>(options: WatchedKeysOptions<T>): WatchedKeys {
  const { guarded } = options;
  const kept = new Set<string>();
  /** While a list is under way: what was answered since it began. */
  let answered: Set<string> | undefined;

  const drop = (key: string) => {
    if (kept.delete(key)) guarded(() => options.onDelete(key));
  };
  const see = (object: KubeObject, isListed: boolean): string | undefined => {
    const key = objectKey(object.metadata);
    let value: T | undefined;
    guarded(() => value = options.project(object));
    if (value === undefined) {
      drop(key);
      return undefined;
    }
    kept.add(key);
    const isTruth = isListed && !answered?.has(key);
    guarded(() => options.onUpsert(key, value!, isTruth));
    return key;
  };

  return {
    see: (object) => void see(object, false),
    drop,
    answered(key) {
      kept.add(key);
      answered?.add(key);
    },
    beginList() {
      const absent = new Set(kept);
      answered = new Set();
      return {
        see(object) {
          const key = see(object, true);
          if (key !== undefined) absent.delete(key);
        },
        restart() {
          for (const key of kept) if (!answered?.has(key)) absent.add(key);
        },
        end: () => answered = undefined,
        dropAbsent() {
          for (const key of absent) drop(key);
        },
      };
    },
  };
}
