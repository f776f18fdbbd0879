import type { Chapter } from "./chapter.ts";
import { judge } from "./judge.ts";
import type { Narrator } from "./narrator.ts";
import { observe, takeSnapshot } from "./observe.ts";
import type { Outcome } from "./report.ts";
import { createScene } from "./scene.ts";
import { namespace } from "./namespace.ts";
import type { Stage } from "./stage.ts";
import type { Until } from "./until.ts";
import type { World } from "./world.ts";

/**
 * Plays one chapter after the other, each to its end, and says how all ended. Throws when the
 * operator has ended, or `signal` is aborted.
 */
export async function play(
  chapters: readonly Chapter[],
  { stage, world, narrator, until, signal }: {
    stage: Stage;
    world: World;
    narrator: Narrator;
    until: Until;
    signal: AbortSignal;
  },
): Promise<Outcome[]> {
  const scene = createScene(stage, world, narrator, until);
  const broken = new Map<Chapter, string>();
  for (const [index, chapter] of chapters.entries()) {
    narrator.heading(`${index + 1} of ${chapters.length}. ${chapter.title}`, chapter.about);
    try {
      await chapter.play(scene);
    } catch (error) {
      signal.throwIfAborted();
      if (stage.operator.ended() !== undefined) throw error;
      const message = error instanceof Error ? error.message : String(error);
      broken.set(chapter, message);
      narrator.text(`this chapter broke off: ${message}`);
    }
  }
  const snapshot = await takeSnapshot(stage.kube, namespace);
  return chapters.flatMap((chapter) =>
    chapter.expects.map((expected) => {
      const actor = chapter.workloads.find(({ name }) => name === expected.workload)!;
      const observed = observe(expected, snapshot);
      const judgement = judge(expected, observed);
      const fault = broken.get(chapter);
      const faults = fault === undefined ? judgement.faults : [`the chapter broke off: ${fault}`, ...judgement.faults];
      return { ...judgement, faults, actor, expected, offered: observed.requests.at(-1)?.to, held: observed.held };
    })
  );
}
