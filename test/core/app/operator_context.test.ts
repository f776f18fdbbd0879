import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { suite } from "uvu";
import { builtins } from "../../../plugins/builtin.ts";
import { createOperatorContext } from "../../../core/app/operator_context.ts";
import { listenAll } from "../../../core/app/wire_servers.ts";
import { serve } from "../../../core/runtime/serve.ts";

const s = suite("what is wrong at the start");
const failure = (promise: Promise<unknown>) => promise.then(() => "none", (error: Error) => error.message);

s("plugins, settings, files and the way to the cluster: all at once, each by its variable", async () => {
  const message = await failure(createOperatorContext({
    HEADWIND_PLUGINS_DIR: "/nowhere",
    HEADWIND_DISABLED_PLUGINS: "trigger/polle",
    HEADWIND_LOG_LEVEL: "loud",
    HEADWIND_API_PORT: "http",
    WEBHOOK_ENABLED: "true",
    KUBECONFIG: "/nowhere/config",
  }, builtins));
  for (
    const name of [
      "HEADWIND_PLUGINS_DIR",
      "HEADWIND_DISABLED_PLUGINS",
      "HEADWIND_LOG_LEVEL",
      "HEADWIND_API_PORT",
      "WEBHOOK_URL",
      "KUBECONFIG",
    ]
  ) assert.match(message, `${name}: `);
});

s("a file of authorities that is not there is told by its variable", async () => {
  const message = await failure(
    createOperatorContext({ HEADWIND_REGISTRY_CA: "/nowhere/ca.pem", HOME: "/nowhere" }, builtins),
  );
  assert.match(message, /^HEADWIND_REGISTRY_CA: .*\/nowhere\/ca\.pem/m);
  assert.match(message, /^no way to a cluster: /m);
});

s(
  "files of the dashboard's sessions and of its client that hold none of both are told by their variables",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "headwind-context-"));
    await writeFile(join(dir, "keys"), "too-short");
    const message = await failure(createOperatorContext({
      HEADWIND_UI_SESSION_KEYS_FILE: join(dir, "keys"),
      HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: join(dir, "nowhere"),
      HOME: "/nowhere",
    }, builtins));
    await rm(dir, { recursive: true });
    assert.match(message, /^HEADWIND_UI_SESSION_KEYS_FILE: .*keys: key 1 has fewer than 32 characters$/m);
    assert.match(message, /^HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: .*nowhere/m);
    assert.not.match(message, "too-short");
  },
);

s("settings of a built-in plugin that is left out count for nothing beside another mistake", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headwind-context-"));
  await writeFile(join(dir, "bad.ts"), "export default 5;");
  const message = await failure(createOperatorContext({
    HEADWIND_PLUGINS_DIR: dir,
    HEADWIND_DISABLED_PLUGINS: "notifier/webhook",
    WEBHOOK_TIMEOUT: "soon",
  }, builtins));
  await rm(dir, { recursive: true });
  assert.match(message, "no plugin object");
  assert.not.match(message, "WEBHOOK_TIMEOUT");
});

s("each port that is taken is told by its variable, and nothing is left listening", async () => {
  const listen = (port: number) => serve({ hostname: "127.0.0.1", port, fetch: () => new Response() });
  const taken = await listen(0);
  const free = await listen(0);
  await free.stop();
  const message = await failure(listenAll({
    webhook: () => listen(free.port),
    api: () => listen(taken.port),
    metrics: () => listen(taken.port),
    ui: () => listen(0),
  }));
  const fault = (name: string) => `${name}: 127.0.0.1, port ${taken.port} is taken by another process`;
  assert.equal(message.split("\n"), [fault("HEADWIND_API_PORT"), fault("HEADWIND_METRICS_PORT")]);
  const again = await listen(free.port);
  await Promise.all([again.stop(), taken.stop()]);
});

s.run();
