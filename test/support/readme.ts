import { readFile } from "node:fs/promises";

/** The first code block of a language in a section of README.md, as a reader would copy it. Throws where there is none. */
export async function readmeCode(section: string, language: string): Promise<string> {
  const text = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const [, behind = ""] = text.split(`\n## ${section}\n`);
  const [own = ""] = behind.split("\n## ");
  const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(own)?.[1];
  if (!code) throw new Error(`README.md has no ${language} in its section ${section}`);
  return code;
}
