import process from "node:process";
import type { Line } from "./telling.ts";

/** Writes the story to standard output. */
export interface Narrator {
  heading(text: string, about?: string): void;
  /** A step of the set-up, with the seconds since the start. */
  step(text: string): void;
  line(line: Line): void;
  /** What a command printed. */
  output(text: string): void;
  /** As it is. */
  text(text: string): void;
}

/** `started` is by `performance.now()`; `workloads` are those that lines will be about. */
export function createNarrator(started: number, workloads: readonly string[]): Narrator {
  const width = Math.max(...workloads.map((name) => name.length));
  const styled = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const style = (code: number, text: string) => styled ? `\x1b[${code}m${text}\x1b[0m` : text;
  const time = () => style(2, `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`);
  const timeWidth = 10;
  const write = (text: string) => {
    try {
      console.log(text);
    } catch {
      // the terminal is gone; what was started has to be ended all the same
    }
  };
  return {
    heading(text, about) {
      write(`\n${style(1, text)}${about ? `\n${about}` : ""}`);
    },
    step: (text) => write(`${time()}  ${text}`),
    line({ workload, step, text }) {
      write(`${time()}  ${workload.padEnd(width)}  ${style(1, step.padEnd(9))}  ${text}`);
    },
    output: (text) => write(text.trimEnd().replaceAll(/^(?=.)/gm, " ".repeat(timeWidth))),
    text: write,
  };
}
