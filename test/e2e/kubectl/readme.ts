import { readFile } from "node:fs/promises";
import * as assert from "uvu/assert";

const readme = new URL("../../../ui/README.md", import.meta.url);

/** ui/README.md has this answer of a command, but for what is another at each run. */
export async function shownInReadme(command: string, printed: string): Promise<void> {
  const text = await readFile(readme, "utf8");
  const [, behind = ""] = text.split(`\n$ kubectl headwind ${command}\n`);
  const [shown = ""] = behind.split("\n```");
  assert.is(comparable(shown), comparable(printed), `ui/README.md has to have:\n${printed}`);
}

/** Without ports, namespaces and times. */
const comparable = (text: string) =>
  text.replaceAll(/127\.0\.0\.1:\d+(?:\/why-[^/]+)?/g, "HOST").replaceAll(/\bnamespace [\w-]+/g, "NAMESPACE")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replaceAll(/\w+ ago/g, "AGO").replaceAll(
      /-[0-9a-f]{10}\b/g,
      "-HASH",
    );
