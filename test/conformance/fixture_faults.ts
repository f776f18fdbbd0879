import * as z from "zod";
import { expectedValue } from "../../core/lib/expected_value.ts";
import { hosted } from "./hosted.ts";
import { closestName } from "../../core/lib/closest_name.ts";
import type { NotifierFixtures } from "./notifier.ts";
import type { NotifierPlugin, Plugin } from "../../core/plugin.ts";
import { parseRepository } from "../../core/versions/reference.ts";

/** What is wrong with the fixtures of a plugin, a sentence each, so that no fault of theirs is taken for one of the plugin's. */
export function fixtureFaults(plugin: Plugin, fixtures: unknown): string[] {
  const { data, error } = shapeOf(plugin).safeParse(fixtures, { error: expectedValue });
  if (error) return error.issues.flatMap((issue) => sentences(issue, plugin));
  return plugin.kind === "notifier" ? notifierFaults(plugin, data as unknown as NotifierFixtures) : [];
}

const texts = z.record(z.string(), z.string());
const call = z.custom<(...args: never[]) => unknown>((value) => typeof value === "function", "a function is wanted");
const body = z.unknown().refine((body) => body !== undefined, "a body is wanted, as JSON.parse gives it");
const sent = { body, headers: texts.optional(), query: z.string().optional() };
const filled = <T extends z.ZodType>(values: T) =>
  z.record(z.string(), values).refine((all) => Object.keys(all).length > 0, "one at least is wanted");
const version = z.string().superRefine((text, { addIssue }) => {
  const [, repository] = /^(?:chart )?([^@]+):[^:@/]+(?:@\w+:\w+)?$/.exec(text) ?? [];
  const canonical = repository === undefined ? undefined : canonicalOf(repository);
  if (canonical === repository && canonical !== undefined) return;
  const wanted = canonical === undefined ? "docker.io/library/nginx:1.27" : text.replace(repository!, canonical);
  addIssue(`"${text}" is not written in full, as ${wanted} is`);
});
const patience = z.number().positive().optional();
const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.undefined("it is made in a namespace of its own").optional(),
  }),
});
const annotations = texts.refine(
  (all) => Object.keys(all).every((name) => !name.includes("/")),
  "names are written without headwind.sh/",
);

/** As the types of the fixtures have it, for authors whose editor does not check them. */
function shapeOf(plugin: Plugin): z.ZodType {
  switch (plugin.kind) {
    case "trigger": {
      const good = filled(z.strictObject({ ...sent, says: z.array(version) }));
      const bad = filled(z.strictObject({ ...sent, field: z.string().min(1) }));
      const run = z.strictObject({
        env: texts.optional(),
        polled: z.array(z.unknown()).optional(),
        registry: z.record(z.string(), texts).optional(),
        reports: z.array(version).min(1, "one at least is wanted"),
        patience,
      });
      const [hasWebhook, hasRun] = [plugin.webhook !== undefined, plugin.run !== undefined];
      return z.strictObject({
        good: hasWebhook ? good : good.optional(),
        bad: hasWebhook ? bad : bad.optional(),
        run: hasRun ? run : run.optional(),
      });
    }
    case "workload":
      return z.strictObject({
        kubeconfig: call,
        manifest: object.refine(({ kind }) => kind === plugin.resource.kind, `a ${plugin.resource.kind} is wanted`),
        containers: texts.optional(),
        initContainers: texts.optional(),
        slots: texts.optional(),
        related: z.array(object).optional(),
      }).refine(
        (all) => all.containers ?? all.initContainers ?? all.slots,
        "containers, initContainers or slots are wanted: what the manifest holds, by name",
      );
    case "check": {
      const readings = z.record(
        z.string(),
        z.strictObject({ annotations, says: z.enum(["ok", "waiting", "failing"]) }),
      );
      return z.strictObject({
        env: texts.optional(),
        secrets: z.array(z.string()).optional(),
        access: call.optional(),
        updateRequest: call.optional(),
        readings: readings.refine(
          (all) => ["ok", "failing"].every((state) => Object.values(all).some(({ says }) => says === state)),
          "one that says ok and one that says failing are wanted",
        ),
        unreadable: filled(z.strictObject({ annotations, names: z.string().min(1) })),
        silence: call,
        started: call.optional(),
        patience,
      });
    }
    case "notifier":
      return z.strictObject({
        env: call,
        secrets: z.array(z.string()).optional(),
        keyOf: z.union([call, z.literal(false)]).optional(),
        patience,
      });
    case "metrics":
      return z.strictObject({ backend: call.optional() });
  }
}

function sentences(issue: z.core.$ZodIssue, plugin: Plugin): string[] {
  const where = ["fixtures", ...issue.path.map(step)].join("");
  if (issue.code !== "unrecognized_keys") return [`${where}: ${issue.message}`];
  const shape = issue.path.length === 0 ? Object.keys((shapeOf(plugin) as z.ZodObject).shape ?? {}) : [];
  const known = issue.path.length === 0 ? shape : ["body", "headers", "query", "says", "field", "annotations", "names"];
  return issue.keys.map((key) => {
    const near = closestName(key, known);
    return `${where}: there is no ${key}${near ? `: is ${near} meant?` : ` of a ${plugin.kind}`}`;
  });
}

const step = (part: PropertyKey): string =>
  /^[A-Za-z]\w*$/.test(String(part)) ? `.${String(part)}` : `[${JSON.stringify(part)}]`;

/** What they are for: that the notifier delivers to the URL that it is given. */
function notifierFaults(plugin: NotifierPlugin, { env }: NotifierFixtures): string[] {
  const given = env("http://127.0.0.1:1/");
  const { error } = texts.safeParse(given, { error: expectedValue });
  if (error) return ["fixtures.env(url): a record of variables is wanted, all of them texts"];
  try {
    const { context, close } = hosted(plugin, given);
    close();
    return plugin.enabled(context.settings) ? [] : ["fixtures.env(url): with these variables the notifier is off"];
  } catch (error) {
    return [`fixtures.env(url): the plugin's settings refuse it: ${(error as Error).message}`];
  }
}

function canonicalOf(repository: string): string | undefined {
  try {
    return parseRepository(repository);
  } catch {
    return undefined;
  }
}
