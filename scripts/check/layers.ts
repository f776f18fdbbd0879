import { importsOf, type Source } from "./sources.ts";

/** The folders of `core/`, the lowest first: a file imports only from its own folder and from those before it. */
export const LAYERS = {
  lib: "small things that know nothing of Headwind: pools, queues, deadlines, LRU",
  plugin: "the plugin contract; `core/plugin.ts` is its face",
  runtime: "what differs by runtime: fetch, sockets, files, serving, signals",
  telemetry: "log, metrics, trace context",
  versions: "image references, tags, chart versions and ranges; how they compare",
  policy: "whether a version is proposed, by the workload's policy: pure",
  kube: "the API server: client, list and watch, Events, Lease, kubeconfig",
  registry: "OCI distribution client, logins, tags; `helm/`: the index of a Helm repository",
  workloads: "what is kept of a workload: annotations, slots, the index by repository",
  host: "loads plugins and runs them within limits",
  observability: "where the numbers of the past are read: its settings, which backend, what charts ask",
  requests: "the UpdateRequest: schema, store, cache, history, holds",
  health: "how a changed workload is: rollout, pods, checks",
  lifecycle: "the next step of an UpdateRequest: gates, apply, verify, roll back",
  intake: "from a sighting to stored UpdateRequests",
  notify: "what notifiers are still to be told, and telling them",
  read_model: "what the faces show: why a version is taken or not, requests, holds, history",
  server: "webhooks, API, who calls, metrics endpoint",
  app: "the parts, put together: settings, wiring, main",
  ui: "`core/ui.ts`: what the faces in `ui/` import of core, and `core/web.ts`: what the dashboard does besides",
} as const;

const names = Object.keys(LAYERS);

/** The layer of a file of `core/`, undefined for one outside of all. */
export function layerOf(path: string): string | undefined {
  if (path === "core/plugin.ts") return "plugin";
  if (path === "core/ui.ts" || path === "core/web.ts") return "ui";
  const layer = path.split("/")[1] ?? "";
  return path.split("/").length > 2 && names.includes(layer) ? layer : undefined;
}

/** Imports from a lower layer of a higher one, and files of `core/` that are in no layer. */
export function upwardImports(files: readonly Source[]): string[] {
  return files.filter(({ path }) => path.startsWith("core/")).flatMap((file) => {
    const own = layerOf(file.path);
    if (own === undefined) return [`${file.path} is in no layer: ${names.join(", ")}`];
    return importsOf(file).filter((imported) => {
      const layer = layerOf(imported);
      return layer !== undefined && names.indexOf(layer) > names.indexOf(own);
    }).map((imported) => `${file.path} may not import ${imported}: ${layerOf(imported)} is above ${own}`);
  });
}

/** File names that two files of `core/` have. */
export function namesTwice(files: readonly Source[]): string[] {
  const byName = Map.groupBy(files.map(({ path }) => path), (path) => path.split("/").at(-1)!);
  return [...byName].filter(([, paths]) => paths.length > 1).map(([name, paths]) =>
    `${name} is ${paths.join(" and ")}`
  );
}

/** Files of more lines than one idea needs. */
export function tooLong(files: readonly Source[], most: number): string[] {
  return files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > most)
    .map(({ path, lines }) => `${path} has ${lines} lines, of at most ${most}`);
}
