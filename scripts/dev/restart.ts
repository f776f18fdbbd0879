/** What is kept running, as far as that needs to know it. */
export interface Running {
  /** Its exit status or signal, once it has ended. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

export interface RestartOptions {
  start(): Running;
  say(text: string): void;
  /** Ends it all. */
  signal: AbortSignal;
}

/** Something that runs, and is started again with each change. */
export interface Restarting {
  /** Files have changed. */
  changed(files: readonly string[]): void;
  /** Resolves once `signal` is aborted and what ran has ended. */
  done: Promise<void>;
}

const lookEveryMs = 50;

/** Starts it now. Where it ends by itself, the next change starts it again. */
export function keepRestarting({ start, say, signal }: RestartOptions): Restarting {
  let files: readonly string[] = [];

  /** Until files have changed, or all is to end; what else happens meanwhile is told. */
  async function untilChanged(running: Running): Promise<void> {
    for (let told = false; !signal.aborted && files.length === 0;) {
      const how = running.ended();
      if (how !== undefined && !told) {
        told = true;
        say(`the operator has ended (${how}); it starts again at the next change`);
      }
      await new Promise((done) => setTimeout(done, lookEveryMs));
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const running = start();
      await untilChanged(running);
      if (!signal.aborted) say(`${inShort(files)} changed: the operator starts again`);
      files = [];
      await running.stop();
    }
  }

  return { changed: (more) => void (files = [...new Set([...files, ...more])]), done: run() };
}

function inShort(files: readonly string[]): string {
  const [first, second] = files;
  if (files.length <= 2) return [first, second].filter(Boolean).join(" and ");
  return `${first} and ${files.length - 1} others`;
}
