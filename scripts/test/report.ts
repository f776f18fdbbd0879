import type { Ran } from "./run_file.ts";

/** The line of one file. */
export function lineOf(ran: Ran, index: number, of: number, ci: boolean): string {
  const { file, runtime, passed, failed, skipped, seconds } = ran;
  const bad = failed > 0 || (ci && skipped > 0);
  const counts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped${ci ? ", which counts as failed here" : ""}`] : []),
  ];
  const place = `${String(index).padStart(String(of).length)}/${of}`;
  return `${bad ? "FAIL" : "ok  "} ${place} ${file.name} (${runtime}): ${counts.join(", ")}, ${seconds.toFixed(1)} s`;
}

/** What a file has to tell though it passed: its lines that begin with `# `. */
export function toldBy({ output }: Pick<Ran, "output">): string[] {
  return output.split("\n").flatMap((line) => line.startsWith("# ") ? [`    ${line.slice(2).trimEnd()}`] : []);
}

/** What a failed file printed. */
export function inDetail({ file, runtime, output, note }: Ran): string {
  const lines = output.trimEnd().split("\n").map((line) => `    ${line}`.trimEnd());
  return [...lines, ...(note ? [`    ${file.name} (${runtime}): ${note}`] : []), ""].join("\n");
}

/** The files that took longest. */
export function slowest(all: Ran[], count = 5): string {
  const sorted = [...all].sort((a, b) => b.seconds - a.seconds).slice(0, count);
  return `slowest: ${sorted.map(({ file, seconds }) => `${file.name} ${seconds.toFixed(1)} s`).join(", ")}`;
}
