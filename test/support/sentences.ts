import { readFileSync, renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Test } from "uvu";
import * as assert from "uvu/assert";

type Sentences = Record<string, Record<string, string>>;
const path = fileURLToPath(new URL("../data/sentences.json", import.meta.url));
const root = fileURLToPath(new URL("../", import.meta.url));
const read = () => JSON.parse(readFileSync(path, "utf8")) as Sentences;

/**
 * What people read stands word by word in `test/data/sentences.json` alone; tests assert reasons, fields and statuses. Gives
 * the assertion that a sentence of this test file stands there under its name. Once the file's tests have run, what stands
 * there and was not said any more fails. `HEADWIND_SENTENCES=write` writes the file anew in place of comparing: read its diff.
 *
 * @param s the suite of the file, before its tests are added
 * @param url the file's `import.meta.url`
 */
export function sentencesOf(s: Test, url: string): (name: string, sentence: string | undefined) => void {
  const file = fileURLToPath(url).slice(root.length).replace(/\.test\.ts$/, "");
  const said = new Map<string, string>();
  const stored = new Map(Object.entries(read()[file] ?? {}));
  const writes = process.env.HEADWIND_SENTENCES === "write";
  s.after(() => {
    if (writes) return write(file, said);
    const stale = [...stored.keys()].filter((name) => !said.has(name));
    if (stale.length > 0) throw new Error(`${path}: nobody says these of ${file} any more: ${stale.join(", ")}`);
  });
  return (name, sentence = "(nothing)") => {
    assert.ok(!said.has(name) || said.get(name) === sentence, `two sentences are named ${name}`);
    said.set(name, sentence);
    if (!writes) assert.is(sentence, stored.get(name), `${name}: see HEADWIND_SENTENCES in test/README.md`);
  };
}

function write(file: string, said: ReadonlyMap<string, string>): void {
  const all = Object.entries({ ...read(), [file]: Object.fromEntries(said) }).sort(([a], [b]) => a < b ? -1 : 1);
  writeFileSync(`${path}.new`, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}
