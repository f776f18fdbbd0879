import * as assert from "uvu/assert";
import * as z from "zod";
import { readdir, readFile } from "node:fs/promises";
import { suite } from "uvu";
import { loadAll } from "js-yaml";
import { coreSettings } from "../../core/app/setting_schema.ts";
import { builtins } from "../../plugins/builtin.ts";
import { describedSettings } from "../../scripts/docs/settings.ts";

interface Deployment {
  kind: string;
  spec: {
    template: {
      spec: {
        enableServiceLinks?: boolean;
        containers: [{
          ports: { name: string; containerPort: number }[];
          env: { name: string }[];
          livenessProbe: { httpGet: { path: string; port: string } };
          readinessProbe: { httpGet: { path: string; port: string } };
        }];
      };
    };
  };
}

const s = suite("settings of the manifests");
const deploy = new URL("../../deploy/", import.meta.url);
const read = (name: string) => readFile(new URL(name, deploy), "utf8");
const documents = loadAll(await read("deployment.yaml")) as Deployment[];
const pod = documents.find(({ kind }) => kind === "Deployment")!.spec.template.spec;
const [container] = pod.containers;
const standard = coreSettings.parse({});
const schemas = [coreSettings, ...builtins.flatMap(({ settings }) => settings?.(z) as z.ZodObject | undefined ?? [])];
const standards = new Map(schemas.flatMap(describedSettings).map(({ name, standard }) => [name, standard]));
// the last is what a kustomization replaces by an image
const known = new Set([...standards.keys(), "HEADWIND_IMAGE"]);

s("every variable that is named in deploy/ exists", async () => {
  const files = (await readdir(deploy, { recursive: true })).filter((name) => /\.[a-z]+$|Dockerfile$/.test(name));
  for (const name of files.filter((name) => !name.startsWith("crds/"))) {
    const named = [...(await read(name)).matchAll(/\bHEADWIND_[A-Z_]+/g)].map(([variable]) => variable);
    assert.equal(named.filter((variable) => !known.has(variable)), [], name);
  }
});

s("each setting that opens something is closed where it is not set, as README.md says", async () => {
  const rows = [
    ...(await read("README.md")).split("\n## All settings\n")[0]!.matchAll(
      /^\| `(HEADWIND_[A-Z_]+)` +\| ([^|]+?) +\|/gm,
    ),
  ];
  assert.ok(rows.length > 10);
  for (const [, name, narrow] of rows) {
    assert.is(narrow!.replace(/^(unset|empty)(: .*)?$/, ""), standards.get(name!), name);
  }
});

s("the ports are the defaults, and those that the image exposes", async () => {
  const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
  const {
    HEADWIND_WEBHOOK_PORT: webhook,
    HEADWIND_API_PORT: api,
    HEADWIND_UI_PORT: ui,
    HEADWIND_METRICS_PORT: metrics,
  } = standard;
  assert.equal(ports, { webhook, api, ui, metrics });
  assert.match(await read("Dockerfile"), `\nEXPOSE ${webhook} ${api} ${ui} ${metrics}\n`);
});

s("the Service headwind-webhook does not set HEADWIND_WEBHOOK_PORT", () => {
  assert.is(pod.enableServiceLinks, false);
});

s("alive is that it runs, ready is that it can serve", () => {
  assert.equal(container.livenessProbe.httpGet, { path: "/healthz", port: "metrics" });
  assert.equal(container.readinessProbe.httpGet, { path: "/readyz", port: "metrics" });
});

s("the replica has a name without asking the host for it, which the image may not", () => {
  for (const wanted of ["POD_NAME", "POD_UID"]) assert.ok(container.env.some(({ name }) => name === wanted), wanted);
});

s("the Lease's name is the one that the rights are for", async () => {
  assert.match(await read("rbac.yaml"), `resourceNames: [${standard.HEADWIND_LEASE_NAME}]`);
});

s.run();
