import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readCommandLine } from "./command_line.ts";
import { type DemoArguments, parseArguments, usage } from "./demo/arguments.ts";
import { askPages, howToLook } from "./demo/dashboard.ts";
import { createWorkload, everybodyReady, untilDecisionsAreGuarded } from "./demo/cast.ts";
import { packageChart } from "./demo/charts.ts";
import { chapters } from "./demo/chapters.ts";
import { hintOf } from "./demo/hint.ts";
import { inOrder } from "./demo/in_order.ts";
import { createNarrator } from "./demo/narrator.ts";
import { report } from "./demo/report.ts";
import { namespace } from "./demo/namespace.ts";
import { openStage } from "./demo/stage.ts";
import { listenForStop, type Stopping } from "./demo/stopping.ts";
import { play } from "./demo/story.ts";
import { linesOf } from "./demo/telling.ts";
import { createUntil } from "./demo/until.ts";
import { whatIsShort, whatToTry, whereItIs } from "./demo/visit.ts";
import { watchWorld } from "./demo/world.ts";
import { assetNames, assets } from "./testbed/assets.ts";

/** Gives the exit status. Everything that it starts has ended then, and its folder is gone unless something failed. */
async function demo({ once }: DemoArguments, stopping: Stopping): Promise<number> {
  const { signal } = stopping;
  const told = (line: string) => console.error(line);
  const binaries = await stopping.unlessStopped(assets(told, assetNames.filter((name) => name !== "helm")));
  // only the last chapter needs the rest, which is built meanwhile; where that fails, helm says why
  assets(told).catch(() => {});
  const started = performance.now();
  const actors = chapters.flatMap(({ workloads }) => workloads);
  const early = actors.filter(({ late }) => !late);
  const narrator = createNarrator(started, actors.map(({ name }) => name));
  const progress = narrator.step;
  const dir = await mkdtemp(join(tmpdir(), "headwind-demo-"));
  const ends: (() => Promise<unknown>)[] = [];
  let well = true;
  let visiting = false;
  try {
    narrator.text(
      "starting etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok, a registry,\nthe operator, and a stand-in for Flux's helm-controller",
    );
    const stage = await openStage({ dir, binaries, actors, progress, signal, onStarted: (end) => ends.unshift(end) });
    const until = createUntil(stage.operator, signal, progress);
    const guarded = untilDecisionsAreGuarded(stage, until);
    guarded.catch(() => {});
    await Promise.all(early.map((actor) => createWorkload(stage, actor)));
    progress(`${early.length} workloads created in namespace ${namespace}`);
    const tell = inOrder((change) => {
      for (const line of linesOf(change)) {
        narrator.line({ ...line, text: line.text.replaceAll(stage.image(""), "") });
      }
      const hint = visiting ? hintOf(change) : undefined;
      if (hint) narrator.line(hint);
    });
    const world = watchWorld(stage.kube, namespace, tell);
    ends.unshift(() => world.stop());
    await until("all that is in the namespace is listed", () => world.isSynced());
    progress(`operator ready: process ${await stage.operator.ready(signal)}, with the rights of its service account`);
    await everybodyReady(stage, world, until);
    progress("all pods ready, and all workloads known to the operator");
    await guarded;
    progress("decisions are guarded: nobody signs as another");
    narrator.heading(`up in ${((performance.now() - started) / 1000).toFixed(1)} s`, whereItIs(stage));
    narrator.text(whatIsShort);
    // no chapter needs it at once
    const bundled = stage.terminal.install().catch(() => {});
    ends.unshift(() => bundled);

    const outcomes = await play(chapters, { stage, world, narrator, until, signal });
    well = outcomes.every(({ faults }) => faults.length === 0);
    narrator.heading("What became of them", `\n${report(outcomes)}`);
    const faults = await askPages(stage, world);
    well &&= faults.length === 0;
    narrator.heading(
      faults.length === 0 ? "Each page of the dashboard answers" : "The dashboard fails",
      faults.join("\n"),
    );
    if (!once) {
      const archive = await packageChart("portal:1.5.0", { dir: stage.archives });
      const toTry = whatToTry({ stage, binaries, archive });
      narrator.heading(howToLook(stage));
      narrator.heading("It stays up until Ctrl-C, and goes on telling what happens.", toTry);
      visiting = true;
      await stopping.untilStopped(() => {
        const ended = stage.operator.ended();
        return ended && `the operator ended (${ended})`;
      });
    }
    return well ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return stopping.status()!;
    well = false;
    console.error(`\nthe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    if (signal.aborted) narrator.text("\nstopping");
    for (const end of ends) await end().catch((error) => console.error(String(error)));
    if (well) await rm(dir, { recursive: true, force: true });
    else console.error(`\nlogs: ${dir}`);
    if (signal.aborted) narrator.text("stopped: nothing is left running");
  }
}

const options = readCommandLine(parseArguments, usage);
const stopping = listenForStop();
const status = await demo(options, stopping).catch((error) => {
  if (stopping.signal.aborted) return stopping.status()!;
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
process.exit(status);
