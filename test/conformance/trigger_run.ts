import * as assert from "uvu/assert";
import { assertForm, assertGrammar, inShort } from "./sighting.ts";
import { type Check, eventually, pause, settles } from "./checks.ts";
import type { Environment } from "../../core/runtime/process.ts";
import { hosted } from "./hosted.ts";
import type {
  Artifact,
  PolledArtifact,
  PolledSource,
  RegistryReader,
  Sighting,
  TriggerPlugin,
} from "../../core/plugin.ts";

export interface RunFixtures {
  env?: Environment;
  /** What workloads want to be polled. Default nothing. */
  polled?: PolledArtifact[];
  /** From a repository's canonical name to its tags, and from those to their digests. */
  registry?: Record<string, Record<string, string>>;
  /** The versions that the loop has to report, as in `GoodBody`. Wanted, so that it is seen to do its work. */
  reports: string[];
  /** Seconds in which it has done that. Default 10. */
  patience?: number;
}

interface Running {
  loop: Promise<void>;
  reported: Sighting[];
  stop: AbortController;
  close(): void;
}

/** What the loop of a trigger has to do. */
export function runChecks(plugin: TriggerPlugin, fixtures: RunFixtures | undefined): Check[] {
  return [
    {
      name: "its loop reports what there is",
      async run() {
        assert.ok(fixtures && fixtures.reports.length > 0, "fixtures.run.reports is empty");
        const { loop, reported, stop, close } = start(plugin, fixtures!);
        const all = () => new Set(reported.flatMap(inShort));
        try {
          await Promise.race([
            eventually(
              `it reports ${fixtures!.reports}`,
              () => fixtures!.reports.every((report) => all().has(report)),
              fixtures!.patience,
            ),
            loop.then(() => assert.ok(stop.signal.aborted, "the loop ended by itself")),
          ]);
        } finally {
          stop.abort();
          await settles(loop, 1_000);
          close();
        }
        for (const sighting of reported) {
          assertForm(sighting);
          assertGrammar(sighting);
        }
        assert.equal([...all()].sort(), [...fixtures!.reports].sort());
      },
    },
    {
      name: "its loop ends when its signal is aborted",
      async run() {
        const { loop, stop, close } = start(plugin, fixtures ?? { reports: [] });
        await Promise.race([pause(200), loop]);
        stop.abort(new Error("the test ends"));
        assert.ok(await settles(loop, 3_000), "3 s later it still runs");
        close();
      },
    },
    {
      name: "its loop ends at once when its signal was aborted before",
      async run() {
        const stop = new AbortController();
        stop.abort(new Error("the test ends"));
        const { loop, close } = start(plugin, fixtures ?? { reports: [] }, stop);
        assert.ok(await settles(loop, 2_000), "2 s later it still runs");
        close();
      },
    },
  ];
}

function start(plugin: TriggerPlugin, fixtures: RunFixtures, stop = new AbortController()): Running {
  const { context, close } = hosted(plugin, fixtures.env);
  const reported: Sighting[] = [];
  const loop = plugin.run!({
    ...context,
    async report(sighting) {
      reported.push(sighting);
      return { updateRequests: [], matched: 0, created: 0 };
    },
    polled: () => structuredClone(fixtures.polled ?? []),
    registry: readerOf(fixtures),
    onCheck: () => {},
  }, stop.signal);
  loop.catch(() => {});
  return { loop, reported, stop, close };
}

/** The one source of an artifact where all its workloads have the same login. */
export function sourcesOf(
  polled: readonly PolledArtifact[],
  artifact: Artifact,
  intervals?: readonly number[],
): PolledSource[] {
  const some = polled.filter((one) =>
    one.artifact.type === artifact.type && one.artifact.repository === artifact.repository &&
    (intervals?.includes(one.interval) ?? true)
  );
  return some.length === 0 ? [] : [{
    source: { id: `${artifact.type} ${artifact.repository}` },
    wantsTags: some.some(({ wantsTags }) => wantsTags),
    followedTags: [...new Set(some.flatMap(({ followedTags }) => followedTags))],
    namespaces: ["default"],
  }];
}

function readerOf({ polled = [], registry = {} }: RunFixtures): RegistryReader {
  return {
    sources: async (artifact, intervals) => sourcesOf(polled, artifact, intervals),
    async versions({ repository }) {
      const tags = registry[repository];
      if (!tags) throw new Error(`there is no ${repository}`);
      return Object.keys(tags).map((tag) => ({ tag }));
    },
    digest: async ({ repository }, tag) => registry[repository]?.[tag],
  };
}
