import type { KubeObject } from "../../core/kube/list.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { isFinal, type Phase } from "../../core/requests/phases.ts";
import { RESOURCE, type UpdateRequest } from "../../core/requests/update_request.ts";
import { cranePush } from "../testbed/push.ts";
import { decide, tellOperator } from "./calls.ts";
import { createWorkload } from "./cast.ts";
import type { Scene } from "./chapter.ts";
import { publishChart } from "./charts.ts";
import type { WorkloadView } from "./change.ts";
import type { Narrator } from "./narrator.ts";
import { namespace } from "./namespace.ts";
import { partsOf } from "./parts.ts";
import { labelsOf, type Stage } from "./stage.ts";
import type { Until } from "./until.ts";
import { shortened, versionOf } from "./version.ts";
import { isSettled, viewOf, workloadPlugins } from "./view.ts";
import type { World } from "./world.ts";

/** What chapters act with, on a stage. */
export function createScene(stage: Stage, world: World, narrator: Narrator, until: Until): Scene {
  const say = (workload: string, step: string, text: string) => narrator.line({ workload, step, text });
  const { people, terminal } = stage;

  /** The workload as it is now, and not as the watch will hear. */
  async function read(name: string): Promise<WorkloadView> {
    const { kind } = await until(`there is a workload ${name}`, () => world.workloads.get(name));
    const plugin = workloadPlugins.find(({ resource }) => resource.kind === kind)!;
    return viewOf(plugin, await stage.kube.request<KubeObject>("GET", resourcePath(plugin.resource, namespace, name)));
  }

  /** An UpdateRequest as it is now, once the onlooker knows it too. */
  async function seen(name: string): Promise<UpdateRequest> {
    const request = await stage.kube.request<UpdateRequest>("GET", resourcePath(RESOURCE, namespace, name));
    const { uid } = request.metadata;
    await until(`UpdateRequest ${name} is seen`, () => world.requests.get(name)?.metadata.uid === uid);
    return request;
  }

  const scene: Scene = {
    async create(actor) {
      const { kind, name, annotations } = actor;
      const images = Object.values(partsOf(actor)).join(", ");
      say(name, "create", `${kind} ${name} with ${images} and policy ${annotations.policy}`);
      if (actor.kind === "HelmRelease") {
        await publishChart(actor.chart, { dir: stage.archives, registry: stage.registry.host });
      }
      await createWorkload(stage, actor);
      await scene.rolledOut(name);
    },
    async push(image, content = image) {
      const [name, tag] = image.split(":") as [string, string];
      say(ownerOf(world, stage.image(name)) ?? name, "push", `crane pushes ${image} to the registry`);
      return await cranePush(stage.registry.host, `${namespace}/${name}`, tag, { content, ...labelsOf(name, tag) });
    },
    async pushChart(chart, { broken = false } = {}) {
      const [name, version] = chart.split(":") as [string, string];
      const owner = [...world.workloads.values()].find(({ images }) => images.chart?.startsWith(`${name}:`))?.name;
      const what = broken ? ", which cannot be rendered," : "";
      say(owner ?? name, "push", `helm pushes version ${version} of chart ${name}${what} to the registry`);
      await publishChart(chart, { dir: stage.archives, registry: stage.registry.host, broken });
    },
    async tell(workload, image) {
      const [name, tag] = image.split(":") as [string, string];
      const before = new Set([...world.requests.values()].map(({ metadata }) => metadata.uid));
      const answer = await tellOperator(stage, stage.image(name), tag);
      const requests = await Promise.all(answer.updateRequests.map((key) => seen(key.slice(namespace.length + 1))));
      const follows = requests.map(({ metadata, status }) =>
        before.has(metadata.uid)
          ? `its UpdateRequest is there already, ${status?.phase}`
          : "there is a new UpdateRequest"
      );
      const what = follows.length === 0 ? "no UpdateRequest follows" : follows.join(", ");
      say(workload, "webhook", `${tag} is named once more by a plain webhook, answered 200: ${what}`);
      return answer;
    },
    request: (workload, version, phase) =>
      until(`${workload}'s UpdateRequest for ${shortened(version)} is ${phase}`, () => {
        const found = [...world.requests.values()].find(({ spec }) =>
          spec.targetRef.name === workload && versionOf(spec.newImage) === version
        );
        const { phase: is, message } = found?.status ?? {};
        if (found && is && is !== phase && staysFrom(is, phase)) {
          throw new Error(`${found.metadata.name} is ${is}, not ${phase}: ${message}`);
        }
        return is === phase && found;
      }),
    async approve(request, by) {
      const refusal = await decide(stage, request, people[by], "approve");
      if (refusal !== undefined) throw new Error(`the approval by ${by} is refused: ${refusal}`);
    },
    async reject(request, by, reason) {
      const refusal = await decide(stage, request, people[by], "reject", { reason });
      if (refusal !== undefined) throw new Error(`the rejection by ${by} is refused: ${refusal}`);
    },
    async isRefused(request, by) {
      const refusal = await decide(stage, request, people[by], "approve");
      if (refusal === undefined) throw new Error(`${by} may approve`);
      say(request.spec.targetRef.name, "refusal", `${by} tries to approve, and is answered ${refusal}`);
    },
    async types(workload, by, ...args) {
      const typed = args.map((arg) => arg.includes(" ") ? `"${arg}"` : arg).join(" ").replaceAll(stage.image(""), "");
      say(workload, by, `$ kubectl ${typed}`);
      narrator.output((await terminal.kubectl(people[by], args)).replaceAll(stage.image(""), ""));
    },
    async rolledOut(name) {
      const { generation } = await read(name);
      await until(`the pods of ${name} are ready`, () => {
        const view = world.workloads.get(name);
        return view && view.generation >= generation && isSettled(view);
      });
    },
    async ranOnce(cronJob) {
      const kubectl = (...args: string[]) => stage.controlPlane.kubectl(["--namespace", namespace, ...args]);
      const job = `job/${cronJob}-now`;
      await kubectl("create", "job", `${cronJob}-now`, `--from=cronjob/${cronJob}`);
      await kubectl("wait", "--for=condition=complete", job, "--timeout=60s");
      const image = await kubectl("get", job, "-o", "jsonpath={.spec.template.spec.containers[0].image}");
      say(cronJob, "rollout", `a Job made of it now has run ${shortened(versionOf(image))} to its end`);
    },
    async warned(workload) {
      await until(
        `there is a Warning on ${workload}`,
        () => [...world.warnings.values()].some(({ involvedObject }) => involvedObject.name === workload),
      );
    },
  };
  return scene;
}

/** What was applied and left is held, so that even a Completed may come to something else. */
const staysFrom = (phase: Phase, wanted: Phase): boolean =>
  isFinal(phase) && !(phase === "Completed" && wanted === "Held");

function ownerOf(world: World, repository: string): string | undefined {
  return [...world.workloads.values()].find(({ images }) =>
    Object.values(images).some((image) => image.startsWith(`${repository}:`))
  )?.name;
}
