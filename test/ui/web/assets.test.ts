import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadAssets } from "../../../ui/web/assets.ts";
import { readAssetFiles } from "../../../ui/web/asset_files.ts";

const s = suite("ui/web/assets");
const assets = await loadAssets();
const text = async (path: string) => await assets.serve(new Request(`http://a${path}`))?.text();

s("a module imports another by the name that it is served under", async () => {
  const open = [assets.url("page.js")];
  const seen = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const source = await text(path);
    assert.ok(source !== undefined, path);
    const imports = [...source.matchAll(/^import .*?"([^"]+)"/gm)].map(([, path]) => path!);
    assert.equal(imports.filter((path) => !/^\/assets\/\w+-[0-9a-f]{12}\.js$/.test(path)), []);
    open.push(...imports);
  }
  assert.ok(seen.has(assets.url("on_change.js")), [...seen].join());
  assert.ok(seen.has(assets.url("time_words.js")), [...seen].join());
});

s("no script writes markup or runs text", async () => {
  for (const [name, source] of Object.entries(await readAssetFiles())) {
    if (!name.endsWith(".js") || name.startsWith("htmx") || name.startsWith("hx-")) continue;
    assert.not.match(
      source,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.style\b/,
      name,
    );
  }
});

s.run();
