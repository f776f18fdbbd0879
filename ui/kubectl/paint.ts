/** SGR parameters. */
const colours = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof colours;

/** Text in a colour, or as it is. */
export type Paint = (text: string, colour: Colour | undefined) => string;

export const plain: Paint = (text) => text;
export const coloured: Paint = (text, colour) => colour ? `\x1b[${colours[colour]}m${text}\x1b[0m` : text;

/** Colours only on a terminal that knows them, and where nobody has asked for none (https://no-color.org). */
export function paintFor(isTerminal: boolean, env: Record<string, string | undefined>, noColor: boolean): Paint {
  return isTerminal && !noColor && !env.NO_COLOR && env.TERM !== "dumb" ? coloured : plain;
}
