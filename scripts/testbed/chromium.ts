import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { debianPackageWithNeeds } from "./debian.ts";
import { findBinary } from "./find_binary.ts";

/** How Chromium is started. */
export interface Chromium {
  path: string;
  /** Variables that it needs besides those of this process: where its libraries and its fonts are. */
  env: Record<string, string>;
}

/** Its pages look the same on every machine: of these, and of no font of the machine's. */
const fonts = ["fonts-inter", "fonts-dejavu-core"];

/**
 * Chromium: that of `CHROMIUM_BIN`, one on the `PATH`, or the one of Debian's package, which is fetched once with all the
 * libraries that this machine lacks (124 MB where a few are there) and never installed. Throws where none of them is to be had.
 */
export async function chromium(progress?: (line: string) => void): Promise<Chromium> {
  const found = await findBinary("CHROMIUM_BIN", ["chromium", "chromium-browser", "google-chrome"], async () => {
    const files = await debianPackageWithNeeds("chromium", fonts, progress);
    return {
      path: join(files, "usr", "lib", "chromium", "chromium"),
      env: { LD_LIBRARY_PATH: (await libraryFolders(files)).join(":"), FONTCONFIG_FILE: await fontConfig(files) },
    };
  });
  return typeof found === "string" ? { path: found, env: {} } : found;
}

/** The folders of shared libraries: some packages have one of their own, of which the binary's own search path says nothing. */
async function libraryFolders(files: string): Promise<string[]> {
  const folders = new Set<string>();
  for (const top of ["usr/lib", "lib"].filter((top) => existsSync(join(files, top)))) {
    const entries = await readdir(join(files, top), { recursive: true, withFileTypes: true });
    for (const { name, parentPath } of entries) if (/^lib.*\.so(\.|$)/.test(name)) folders.add(parentPath);
  }
  // Chromium finds its own
  return [...folders].filter((folder) => !folder.endsWith("/chromium")).sort();
}

/** Written beside the package's files, which nothing may be added to while another process looks for them. */
async function fontConfig(files: string): Promise<string> {
  const folder = join(cacheFolder(), "fonts");
  await mkdir(folder, { recursive: true });
  const alias = (family: string, font: string) =>
    `<match><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>${font}</string></edit></match>`;
  const path = join(folder, "fonts.conf");
  await writeFile(
    path,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${join(files, "usr", "share", "fonts")}</dir>
  <cachedir>${join(folder, "cache")}</cachedir>
  ${alias("sans-serif", "Inter")}
  ${alias("system-ui", "Inter")}
  ${alias("monospace", "DejaVu Sans Mono")}
</fontconfig>
`,
  );
  return path;
}
