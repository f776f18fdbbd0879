/** A `description: |-` of a CRD whose text comes from the code. */
const described = /^( *)description: \|- # generated: (\S+)\n(?:\1 {2}.*\n)*/gm;

/** An `enum:` of a CRD whose values come from the code: in brackets, or a line each below it. */
const generated = /^( *)enum:( \[[^\]\n]*\])? # generated: (\S+)\n((?:\1 {2}- .*\n)*)/gm;

/**
 * The text of a CRD with these values where it says `enum: […] # generated: NAME`.
 *
 * @throws where it has a name without values, or values without a name
 */
export function withEnums(text: string, enums: Readonly<Record<string, readonly string[]>>): string {
  const found = new Set<string>();
  const written = text.replace(generated, (_, indent: string, brackets: string | undefined, name: string) => {
    const values = enums[name];
    if (!values) throw new Error(`nobody generates an enum ${name}: there are ${Object.keys(enums).join(", ")}`);
    found.add(name);
    const head = `${indent}enum:${brackets === undefined ? "" : ` [${values.join(", ")}]`} # generated: ${name}\n`;
    return brackets === undefined ? head + values.map((value) => `${indent}  - ${value}\n`).join("") : head;
  });
  const missing = Object.keys(enums).find((name) => !found.has(name));
  if (missing !== undefined) throw new Error(`there is no enum ${missing}: put # generated: ${missing} behind it`);
  return written;
}

/**
 * The text of a CRD with these descriptions, of one or more lines, where it says `description: |- # generated: NAME`.
 *
 * @throws where it has a name without a description, or a description without a name
 */
export function withDescriptions(text: string, descriptions: Readonly<Record<string, string>>): string {
  const found = new Set<string>();
  const written = text.replace(described, (_, indent: string, name: string) => {
    const lines = descriptions[name]?.split("\n");
    if (!lines) {
      throw new Error(`nobody generates a description ${name}: there are ${Object.keys(descriptions).join(", ")}`);
    }
    found.add(name);
    return `${indent}description: |- # generated: ${name}\n${lines.map((line) => `${indent}  ${line}\n`).join("")}`;
  });
  const missing = Object.keys(descriptions).find((name) => !found.has(name));
  if (missing !== undefined) {
    throw new Error(`there is no description ${missing}: put # generated: ${missing} behind it`);
  }
  return written;
}
