import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import { eventually, pause, settles } from "../../conformance/checks.ts";
import { hosted } from "../../conformance/hosted.ts";
import type {
  Artifact,
  AskedCheck,
  Plugin,
  PolledArtifact,
  PolledSource,
  ReadOptions,
  SeenVersion,
  Sighting,
  SightingResult,
  TriggerPlugin,
} from "../../../core/plugin.ts";
import { sourcesOf } from "../../conformance/trigger_run.ts";
import poller from "../../../plugins/triggers/poller.ts";

const plugin = poller as TriggerPlugin;
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const polled = (repository: string, changes: Partial<PolledArtifact> = {}): PolledArtifact => ({
  artifact: { type: "image", repository },
  interval: 3600,
  wantsTags: true,
  followedTags: [],
  ...changes,
});

const s = conformance(poller, {
  run: {
    polled: [
      polled("docker.io/library/nginx"),
      polled("reg.example:5000/team/app", { wantsTags: false, followedTags: ["latest", "gone"] }),
    ],
    registry: {
      "docker.io/library/nginx": { "1.27": digest("a"), "1.28": digest("b") },
      "reg.example:5000/team/app": { latest: digest("c"), other: digest("d") },
    },
    reports: [
      "docker.io/library/nginx:1.27",
      "docker.io/library/nginx:1.28",
      `reg.example:5000/team/app:latest@${digest("c")}`,
    ],
  },
});

interface Polling {
  reported: Sighting[];
  asked: string[];
  logged(): string;
  count(name: string): Promise<number>;
  /** `headwind_polling_oldest_due_seconds`. */
  oldest(): Promise<number>;
  /** Asks it to look at a source. */
  check(asked: AskedCheck, signal?: AbortSignal): Promise<SightingResult>;
  /** Aborts it and waits until it has ended. */
  stop(): Promise<void>;
  loop: Promise<void>;
}

interface Fake {
  versions?(artifact: Artifact, options: ReadOptions): Promise<SeenVersion[]>;
  digest?(artifact: Artifact, tag: string, options: ReadOptions): Promise<string | undefined>;
  /** Default: one, of all that is wanted. */
  sources?(artifact: Artifact): PolledSource[];
}

function start(
  wanted: PolledArtifact[],
  { versions, digest, sources }: Fake,
  { env = {}, created = 0, report = async () => {} }: {
    env?: Record<string, string>;
    created?: number;
    report?: () => Promise<void>;
  } = {},
): Polling {
  const { context, metrics, lines, close } = hosted(plugin as Plugin, env);
  const stopped = new AbortController();
  const reported: Sighting[] = [];
  const asked: string[] = [];
  let check: (asked: AskedCheck, signal: AbortSignal) => Promise<SightingResult>;
  const loop = plugin.run!({
    ...context,
    async report(sighting) {
      reported.push(sighting);
      await report();
      return { updateRequests: [], matched: 1, created };
    },
    polled: () => wanted,
    registry: {
      sources: async (artifact, intervals) => sources?.(artifact) ?? sourcesOf(wanted, artifact, intervals),
      async versions(artifact, options = {}) {
        asked.push(artifact.repository);
        return await versions?.(artifact, options) ?? [];
      },
      async digest(artifact, tag, options = {}) {
        asked.push(`${artifact.repository}:${tag}`);
        return await digest?.(artifact, tag, options);
      },
    },
    onCheck: (given) => void (check = given),
  }, stopped.signal);
  return {
    reported,
    asked,
    loop,
    check: (asked, signal = new AbortController().signal) => check(asked, signal),
    logged: () => lines.join("\n"),
    async count(name) {
      const line = new RegExp(`^headwind_polling_${name}_total (\\d+)$`, "m");
      return Number(line.exec(await metrics.exposition())?.[1]);
    },
    async oldest() {
      return Number(/^headwind_polling_oldest_due_seconds (\S+)$/m.exec(await metrics.exposition())?.[1]);
    },
    async stop() {
      stopped.abort();
      assert.ok(await settles(loop, 5_000), "it does not end");
      await loop;
      close();
    },
  };
}

s("one repository with several intervals is asked once, and all of them are told", async () => {
  const polling = start([
    polled("a.example/x", { interval: 60 }),
    polled("a.example/x", { interval: 300, wantsTags: false, followedTags: ["latest"] }),
    polled("a.example/x", { interval: 600, wantsTags: false, followedTags: ["latest", "edge"] }),
  ], {
    versions: async () => [{ tag: "1.0" }, { tag: "latest" }],
    digest: async (_, tag) => digest(tag === "edge" ? "e" : "f"),
  });
  await eventually("it reports", () => polling.reported.length > 0);
  await polling.stop();
  assert.equal(polling.asked, ["a.example/x", "a.example/x:latest", "a.example/x:edge"]);
  assert.equal(polling.reported, [{
    artifact: { type: "image", repository: "a.example/x" },
    versions: [{ tag: "1.0" }, { tag: "latest", digest: digest("f") }, { tag: "edge", digest: digest("e") }],
    via: "polling",
    complete: true,
    intervals: [60, 300, 600],
    source: { id: "image a.example/x" },
  }]);
});

s("what is only followed is no complete list", async () => {
  const polling = start([polled("a.example/x", { wantsTags: false, followedTags: ["latest"] })], {
    digest: async () => digest("a"),
  });
  await eventually("it reports", () => polling.reported.length > 0);
  await polling.stop();
  assert.not(polling.reported[0]!.complete);
});

s("a repository that fails decides nothing, is counted and logged, and stops no other", async () => {
  const polling = start([
    polled("bad.example/tags"),
    polled("bad.example/digests", { followedTags: ["first", "second"] }),
    polled("good.example/x"),
  ], {
    async versions({ repository }) {
      if (repository === "bad.example/tags") throw new Error("the list ended halfway");
      return [{ tag: "1.0" }];
    },
    async digest(_, tag) {
      if (tag === "second") throw new Error("the registry is away");
      return digest("a");
    },
  }, { created: 2 });
  await eventually("the cycle ends", async () => await polling.count("cycles") === 1);
  await polling.stop();
  const reported = polling.reported.map((
    { artifact, versions, complete },
  ) => [artifact.repository, complete, ...versions.map(({ tag }) => tag)]).sort();
  assert.equal(reported, [["bad.example/digests", true, "1.0", "first"], ["good.example/x", true, "1.0"]]);
  assert.is(await polling.count("errors"), 2);
  assert.is(await polling.count("images_checked"), 2);
  assert.is(await polling.count("new_tags_found"), 4);
  for (const word of ["bad.example/tags", "the list ended halfway", "bad.example/digests", "the registry is away"]) {
    assert.match(polling.logged(), word);
  }
});

s(
  "each repository is asked again when its own interval is over, one that is not wanted no more, a new one at once",
  async () => {
    const wanted = [polled("a.example/often", { interval: 1 }), polled("a.example/seldom", { interval: 3600 })];
    const polling = start(wanted, { versions: async () => [{ tag: "1.0" }] });
    const times = (name: string) => polling.asked.filter((asked) => asked === `a.example/${name}`).length;
    await eventually("it is asked three times", () => times("often") === 3);
    assert.is(times("seldom"), 1);
    const seldom = wanted.pop()!;
    wanted.pop();
    const before = times("often");
    await pause(1_500);
    wanted.push(seldom);
    await eventually("what is wanted anew is asked", () => times("seldom") === 2);
    await polling.stop();
    assert.ok(times("often") <= before + 1);
  },
);

s("each source is asked apart, and what one shows is reported as that one's", async () => {
  const source = (id: string): PolledSource => ({
    source: { id },
    wantsTags: true,
    followedTags: [],
    namespaces: [id],
  });
  const polling = start([polled("a.example/x")], {
    sources: () => ["ann", "bob", "eve"].map(source),
    async versions(_, { source }) {
      if (source!.id === "eve") throw new Error("eve may not");
      return [{ tag: `1.0-${source!.id}` }];
    },
  });
  await eventually("the cycle ends", async () => await polling.count("cycles") === 1);
  await polling.stop();
  const reported = polling.reported.map(({ source, versions }) => [source!.id, ...versions.map(({ tag }) => tag)]);
  assert.equal(reported.sort(), [["ann", "1.0-ann"], ["bob", "1.0-bob"]]);
  assert.is(await polling.count("errors"), 1);
});

s(
  "a source that gives no answer delays no other, is never asked twice at once, and is told by the oldest poll",
  async () => {
    const polling = start([polled("slow.example/x", { interval: 1 }), polled("good.example/x", { interval: 1 })], {
      versions: ({ repository }, { signal }) =>
        repository === "good.example/x"
          ? Promise.resolve([{ tag: "1.0" }])
          : new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason))),
    });
    await eventually("the other is polled three times", () => polling.reported.length === 3);
    assert.is(polling.asked.filter((name) => name === "slow.example/x").length, 1);
    await eventually("it is told", async () => await polling.oldest() >= 2);
    await polling.stop();
    assert.is(await polling.oldest(), 0);
  },
);

s("what fails of the list keeps back no digest", async () => {
  const polling = start([polled("a.example/x", { followedTags: ["main"] })], {
    versions: () => Promise.reject(new Error("too long")),
    digest: async () => digest("a"),
  });
  await eventually("it reports", () => polling.reported.length > 0);
  await polling.stop();
  const [{ versions, complete } = { versions: [], complete: true }] = polling.reported;
  assert.equal([versions, complete], [[{ tag: "main", digest: digest("a") }], false]);
});

s("at its end a question under way is given up at once", async () => {
  const polling = start([polled("a.example/x")], {
    versions: (_, { signal }) =>
      new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason))),
  });
  await eventually("it asks", () => polling.asked.length === 1);
  await polling.stop();
  assert.is(await polling.count("errors"), 0);
});

s("a report in hand is finished before it ends", async () => {
  let stored = () => {};
  const polling = start([polled("a.example/x")], { versions: async () => [{ tag: "1.0" }] }, {
    report: () => new Promise<void>((resolve) => stored = resolve),
  });
  await eventually("it reports", () => polling.reported.length === 1);
  const stopping = polling.stop();
  assert.not(await settles(stopping, 100));
  stored();
  await stopping;
});

const askedCheck = (changes: Partial<AskedCheck> = {}): AskedCheck => ({
  artifact: { type: "image", repository: "a.example/x" },
  source: { id: "those that ask" },
  wantsTags: true,
  followedTags: [],
  namespaces: ["default"],
  ...changes,
});

s("switched off it asks nothing by itself, but when it is asked to", async () => {
  const polling = start([polled("b.example/y")], { versions: async () => [{ tag: "1.0" }] }, {
    env: { HEADWIND_POLLING_ENABLED: "false" },
  });
  await polling.check(askedCheck());
  assert.equal(polling.asked, ["a.example/x"]);
  await polling.stop();
});

s(
  "what is asked for is read from the source of those that ask, and reported as a check, whatever the intervals",
  async () => {
    const polling = start([], {
      versions: async () => [{ tag: "1.0" }],
      digest: async () => digest("a"),
    }, { created: 2 });
    const result = await polling.check(askedCheck({ followedTags: ["latest"] }));
    assert.is(result.created, 2);
    assert.equal(polling.reported, [{
      artifact: { type: "image", repository: "a.example/x" },
      source: { id: "those that ask" },
      versions: [{ tag: "1.0" }, { tag: "latest", digest: digest("a") }],
      via: "check",
      complete: true,
    }]);
    await polling.stop();
  },
);

s("of what is asked for and cannot be read in part, the rest is reported, and it says what failed", async () => {
  const polling = start([], {
    versions: () => Promise.reject(new Error("the list is torn")),
    digest: async () => digest("a"),
  });
  const error = await polling.check(askedCheck({ followedTags: ["latest"] })).then(
    () => "none",
    (error: Error) => error.message,
  );
  assert.is(error, "the list is torn");
  assert.is(polling.reported.length, 1);
  assert.is(await polling.count("errors"), 1);
  await polling.stop();
});

s("what is asked for ends with its signal", async () => {
  const polling = start([], {
    versions: (_, { signal }) =>
      new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason))),
  });
  const stop = new AbortController();
  const checking = polling.check(askedCheck(), stop.signal).then(() => "done", (error: Error) => error.message);
  await eventually("it asks", () => polling.asked.length === 1);
  stop.abort(new Error("enough"));
  assert.is(await checking, "enough");
  assert.equal(polling.reported, []);
  await polling.stop();
});

s.run();
