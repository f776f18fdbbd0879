import process from "node:process";

export type TerminationSignal = "SIGTERM" | "SIGINT";

/** Calls `handler` for each SIGTERM and SIGINT, which then no longer end the process by themselves. Returns how to stop that. */
export function onTermination(handler: (signal: TerminationSignal) => void): () => void {
  const signals: TerminationSignal[] = ["SIGTERM", "SIGINT"];
  const listeners = signals.map((signal) => ({ signal, listener: () => handler(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
