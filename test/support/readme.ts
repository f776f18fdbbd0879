import { readFile } from "node:fs/promises";

/** A code block of a Markdown file. */
export interface Block {
  /** What stands behind its fence: `ts`, `ts ignore`, `sh`; empty for plain text. */
  language: string;
  /** The heading that it stands under. */
  section: string;
  code: string;
}

/** The code blocks of a file of this repository, README.md by default, as a reader would copy them. */
export async function codeBlocks(file = "README.md"): Promise<Block[]> {
  const text = await readFile(new URL(`../../${file}`, import.meta.url), "utf8");
  let section = "";
  return [...text.matchAll(/^#+ ([^\n]+)$|^```([^\n]*)\n(.*?)^```$/gms)].flatMap(([, heading, language, code]) => {
    if (heading !== undefined) section = heading;
    return code === undefined ? [] : [{ language: language!, section, code }];
  });
}

/** The first code block of a language in a section of README.md. Throws where there is none. */
export async function readmeCode(section: string, language: string): Promise<string> {
  const block = (await codeBlocks()).find((block) => block.section === section && block.language === language);
  if (!block) throw new Error(`README.md has no ${language} in its section ${section}`);
  return block.code;
}

/** The manifests in README.md's YAML, those that its shell blocks feed to kubectl included; of a shell's variables only `known` are filled in. */
export async function manifestsIn(known: Record<string, string>): Promise<string[]> {
  const blocks = await codeBlocks();
  const fed = blocks.filter(({ language }) => language === "sh").flatMap(({ code }) =>
    [...code.matchAll(/kubectl apply -f - <<END\n(.*?)^END$/gms)].map(([, text]) => text!)
  );
  const whole = blocks.filter(({ language, code }) => language === "yaml" && /^apiVersion:/m.test(code));
  return [...whole.map(({ code }) => code), ...fed].map((text) =>
    text.replaceAll(/\$(\w+)/g, (written, name: string) => known[name] ?? written)
  );
}
