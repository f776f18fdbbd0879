/** Writes lines to standard error, each behind the seconds since now. */
export function timedProgress(): (line: string) => void {
  const started = performance.now();
  return (line) => console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}
