import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { chromium } from "../../../scripts/testbed/chromium.ts";

const s = suite("Chromium of the test bed");
const before = { ...process.env };
let dir: string;

s.before(async () => void (dir = await mkdtemp(join(tmpdir(), "headwind-chromium-"))));
s.after(() => rm(dir, { recursive: true }));
s.after.each(() => {
  for (const name of ["CHROMIUM_BIN", "PATH", "HEADWIND_CACHE"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

s("CHROMIUM_BIN is taken as it is, and must be there", async () => {
  process.env.CHROMIUM_BIN = process.execPath;
  assert.equal(await chromium(), { path: process.execPath, env: {} });
  process.env.CHROMIUM_BIN = "/nowhere/chromium";
  const error = await chromium().catch((error: Error) => error.message);
  assert.is(error, "CHROMIUM_BIN names /nowhere/chromium, which is not there");
});

s("one on the PATH is taken", async () => {
  delete process.env.CHROMIUM_BIN;
  await writeFile(join(dir, "google-chrome"), "");
  process.env.PATH = `/nowhere:${dir}`;
  assert.equal(await chromium(), { path: join(dir, "google-chrome"), env: {} });
  await rm(join(dir, "google-chrome"));
});

/** As Debian's, with what it needs: apt-get leaves the archives where it is told to, dpkg unpacks each. */
async function debian(aptGet: string): Promise<void> {
  const bin = join(dir, "bin");
  await mkdir(bin, { recursive: true });
  const scripts = { "apt-get": aptGet, dpkg: `mkdir -p "$3" && cp -r ${dir}/packages/$(basename "$2" .deb)/. "$3"` };
  for (const [name, body] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(bin, name), 0o755);
  }
  delete process.env.CHROMIUM_BIN;
  process.env.HEADWIND_CACHE = await mkdtemp(join(dir, "cache-"));
  process.env.PATH = bin;
  await writeFile(join(bin, "mkdir"), '#!/bin/sh\nexec /bin/mkdir "$@"\n', { mode: 0o755 });
  await writeFile(join(bin, "cp"), '#!/bin/sh\nexec /bin/cp "$@"\n', { mode: 0o755 });
  await writeFile(join(bin, "basename"), '#!/bin/sh\nexec /usr/bin/basename "$@"\n', { mode: 0o755 });
}

s("without one Debian's is fetched once with its libraries, which it finds in each of their folders", async () => {
  const files = {
    "chromium_1.2_amd64": ["usr/lib/chromium/chromium", "usr/lib/chromium/libEGL.so"],
    "libpulse0_16_amd64": ["usr/lib/x/libpulse.so.0", "usr/lib/x/pulseaudio/libpulsecommon-16.so", "lib/x/libz.so.1"],
    "fonts-inter_4_all": ["usr/share/fonts/Inter.otf"],
  };
  for (const [archive, paths] of Object.entries(files)) {
    for (const path of paths) {
      await mkdir(join(dir, "packages", archive, path, ".."), { recursive: true });
      await writeFile(join(dir, "packages", archive, path), "");
    }
  }
  await debian(`echo "$@" >>${dir}/calls
for word in "$@"; do case $word in Dir::Cache::archives=*) to=\${word#*=};; esac; done
for archive in ${Object.keys(files).join(" ")}; do : >"$to/$archive.deb"; done`);
  const lines: string[] = [];
  const { path, env } = await chromium((line) => lines.push(line));
  const root = join(process.env.HEADWIND_CACHE!, "testbed", "debian", "chromium+needs_1.2_amd64");
  assert.is(path, join(root, "usr/lib/chromium/chromium"));
  assert.is(env.LD_LIBRARY_PATH, ["lib/x", "usr/lib/x", "usr/lib/x/pulseaudio"].map((at) => join(root, at)).join(":"));
  assert.ok(env.FONTCONFIG_FILE);
  assert.equal(lines, ["test bed: fetching Debian's package chromium"]);
  assert.equal(await chromium((line) => lines.push(line)), { path, env });
  assert.is(lines.length, 1);
});

s("where apt-get has none it is said how to name one", async () => {
  await debian("echo 'E: Unable to locate package chromium' >&2; exit 100");
  const error = await chromium().then(() => "", (error: Error) => error.message);
  assert.match(error, "E: Unable to locate package chromium");
  assert.match(error, "CHROMIUM_BIN may name a binary instead");
});

s.run();
