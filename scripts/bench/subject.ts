/** A new version of a workload's image. */
export interface ImageEvent {
  /** The Deployment. */
  name: string;
  repository: string;
  tag: string;
}

/** Who is measured: it brings events into workloads, in a process of its own. */
export interface Subject {
  pid: number;
  /** Hands events over, `atOnce` in flight. Resolves with those that it took on: an event that it did not is not lost. */
  send(events: ImageEvent[], atOnce: number): Promise<ImageEvent[]>;
  stop(): Promise<void>;
}

/** Gives each of the workloads its turn, with a higher version each time, also where there are more of them later. */
export function eventSource(repositoryOf: (name: string) => string) {
  const minors = new Map<string, number>();
  let turn = 0;
  return (names: readonly string[], count: number): ImageEvent[] =>
    Array.from({ length: count }, () => {
      const name = names[turn++ % names.length]!;
      const minor = (minors.get(name) ?? 0) + 1;
      minors.set(name, minor);
      return { name, repository: repositoryOf(name), tag: `1.${minor}.0` };
    });
}
