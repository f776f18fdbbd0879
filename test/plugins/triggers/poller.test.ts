import * as assert from "uvu/assert";
import { conformance } from "../../conformance/mod.ts";
import { eventually, pause, settles } from "../../conformance/checks.ts";
import { hosted } from "../../conformance/hosted.ts";
import type {
  Plugin,
  PolledArtifact,
  RegistryReader,
  SeenVersion,
  Sighting,
  TriggerPlugin,
} from "../../../core/plugin.ts";
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
  /** Aborts it and waits until it has ended. */
  stop(): Promise<void>;
  loop: Promise<void>;
}

function start(
  wanted: PolledArtifact[],
  { versions, digest }: Partial<RegistryReader>,
  { env = {}, created = 0 }: { env?: Record<string, string>; created?: number } = {},
): Polling {
  const { context, metrics, lines, close } = hosted(plugin as Plugin, env);
  const stopped = new AbortController();
  const reported: Sighting[] = [];
  const asked: string[] = [];
  const loop = plugin.run!({
    ...context,
    async report(sighting) {
      reported.push(sighting);
      return { updateRequests: [], matched: 1, created };
    },
    polled: () => wanted,
    registry: {
      async versions(artifact) {
        asked.push(artifact.repository);
        return await versions?.(artifact) ?? [];
      },
      async digest(artifact, tag) {
        asked.push(`${artifact.repository}:${tag}`);
        return await digest?.(artifact, tag);
      },
    },
  }, stopped.signal);
  return {
    reported,
    asked,
    loop,
    logged: () => lines.join("\n"),
    async count(name) {
      const line = new RegExp(`^headwind_polling_${name}_total (\\d+)$`, "m");
      return Number(line.exec(await metrics.exposition())?.[1]);
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
  assert.equal(polling.reported.map(({ artifact }) => artifact.repository), ["good.example/x"]);
  assert.is(await polling.count("errors"), 2);
  assert.is(await polling.count("images_checked"), 1);
  assert.is(await polling.count("new_tags_found"), 2);
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

s("a poll in hand is finished before it ends", async () => {
  let answer = (_: SeenVersion[]) => {};
  const polling = start([polled("a.example/x")], { versions: () => new Promise((resolve) => answer = resolve) });
  await eventually("it asks", () => polling.asked.length === 1);
  const stopping = polling.stop();
  assert.not(await settles(stopping, 100));
  answer([{ tag: "1.0" }]);
  await stopping;
  assert.is(polling.reported.length, 1);
});

s("switched off it ends by itself and asks nothing", async () => {
  const polling = start([polled("a.example/x")], {}, { env: { HEADWIND_POLLING_ENABLED: "false" } });
  assert.ok(await settles(polling.loop, 2_000));
  assert.equal(polling.asked, []);
  await polling.stop();
});

s.run();
