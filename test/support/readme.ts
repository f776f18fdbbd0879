import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { documents } from "../../scripts/docs/documents.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The texts of all README files of this repository, by their paths from its root. */
export async function readmes(): Promise<Map<string, string>> {
  const paths = await documents(root);
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), "utf8")] as const)),
  );
}

/** A code block of a README file. */
export interface Block {
  /** From the root of the repository. */
  path: string;
  /** What stands behind its fence: `ts`, `ts ignore`, `sh`; empty for plain text. */
  language: string;
  /** The heading that it stands under. */
  section: string;
  code: string;
}

/** The code blocks of all README files, as a reader would copy them. */
export async function codeBlocks(): Promise<Block[]> {
  return [...await readmes()].flatMap(([path, text]) => blocksIn(path, text));
}

function blocksIn(path: string, text: string): Block[] {
  let section = "";
  return [...text.matchAll(/^#+ ([^\n]+)$|^```([^\n]*)\n(.*?)^```$/gms)].flatMap(([, heading, language, code]) => {
    if (heading !== undefined) section = heading;
    return code === undefined ? [] : [{ path, language: language!, section, code }];
  });
}

/** The first code block of a language in a section of the README files. Throws where there is none. */
export async function readmeCode(section: string, language: string): Promise<string> {
  const block = (await codeBlocks()).find((block) => block.section === section && block.language === language);
  if (!block) throw new Error(`no README.md has ${language} in a section ${section}`);
  return block.code;
}

/** The manifests in the README files' YAML, those that its shell blocks feed to kubectl included; of a shell's variables only `known` are filled in. */
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
