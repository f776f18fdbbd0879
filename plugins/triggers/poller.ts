import { defineTrigger, type PolledArtifact, type SeenVersion, type TriggerContext } from "../../core/plugin.ts";

/** What one repository is asked for, though several intervals may be due. */
interface Ask {
  artifact: PolledArtifact["artifact"];
  intervals: number[];
  wantsTags: boolean;
  followedTags: Set<string>;
}

const tick = 1000;

const metrics = {
  image: { checked: "headwind_polling_images_checked_total", found: "headwind_polling_new_tags_found_total" },
  chart: {
    checked: "headwind_polling_helm_charts_checked_total",
    found: "headwind_polling_helm_new_versions_found_total",
  },
} as const;

export default defineTrigger({
  kind: "trigger",
  name: "poller",
  description:
    "Asks registries and Helm repositories for the versions of workloads whose event source is `polling` or `both`.",
  metrics: [
    { name: "headwind_polling_cycles_total", type: "counter", help: "Polling cycles completed" },
    { name: metrics.image.checked, type: "counter", help: "Image repositories checked by polling" },
    { name: metrics.image.found, type: "counter", help: "Updates of images found by polling" },
    { name: metrics.chart.checked, type: "counter", help: "Helm charts checked by polling" },
    { name: metrics.chart.found, type: "counter", help: "Updates of Helm charts found by polling" },
    {
      name: "headwind_polling_errors_total",
      type: "counter",
      help: "Polls of a repository that failed and decided nothing",
    },
  ],
  settings: (z) =>
    z.object({
      HEADWIND_POLLING_ENABLED: z.stringbool().default(true).describe(
        "Whether registries are polled, for the workloads that ask for it",
      ),
    }),
  async run(context, signal) {
    if (context.settings.HEADWIND_POLLING_ENABLED === false) return;
    const due = new Map<string, number>();
    while (!signal.aborted) {
      const asks = dueNow(context.polled(), due, Date.now());
      if (asks.length > 0) {
        await Promise.all(asks.map((ask) => poll(ask, context)));
        context.count("headwind_polling_cycles_total");
      }
      await sleep(tick, signal);
    }
  },
});

/** The repositories whose time has come, each once, and notes when they are due again. */
function dueNow(polled: PolledArtifact[], due: Map<string, number>, now: number): Ask[] {
  const asks = new Map<string, Ask>();
  const seen = new Set<string>();
  for (const { artifact, interval, wantsTags, followedTags } of polled) {
    const name = `${artifact.type} ${artifact.repository}`;
    const key = `${name} ${interval}`;
    seen.add(key);
    if ((due.get(key) ?? 0) > now) continue;
    due.set(key, now + interval * 1000);
    const ask = asks.get(name) ??
      { artifact, intervals: [], wantsTags: false, followedTags: new Set<string>() };
    asks.set(name, ask);
    ask.intervals.push(interval);
    ask.wantsTags ||= wantsTags;
    for (const tag of followedTags) ask.followedTags.add(tag);
  }
  for (const key of due.keys()) if (!seen.has(key)) due.delete(key);
  return [...asks.values()];
}

async function poll(ask: Ask, context: TriggerContext): Promise<void> {
  const { artifact, intervals } = ask;
  try {
    const versions = new Map<string, SeenVersion>();
    if (ask.wantsTags) {
      for (const version of await context.registry.versions(artifact)) versions.set(version.tag, version);
    }
    for (const tag of ask.followedTags) {
      const digest = await context.registry.digest(artifact, tag);
      if (digest !== undefined) versions.set(tag, { tag, digest });
    }
    const counted = metrics[artifact.type];
    context.count(counted.checked);
    const sighting = {
      artifact,
      versions: [...versions.values()],
      via: "polling",
      complete: ask.wantsTags,
      intervals,
    } as const;
    const { created } = await context.report(sighting);
    context.count(counted.found, {}, created);
  } catch (error) {
    context.count("headwind_polling_errors_total");
    context.log.warn("a poll failed and decides nothing", { repository: artifact.repository, error });
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
