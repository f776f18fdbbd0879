import type { KubeObject } from "../../core/kube/list.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { FINISHED, type UpdateRequest } from "../../core/updates/update_request.ts";
import { cranePush } from "../testbed/push.ts";
import { post, tellOperator } from "./calls.ts";
import { createWorkload } from "./cast.ts";
import type { Scene } from "./chapter.ts";
import type { WorkloadView } from "./change.ts";
import type { Narrator } from "./narrator.ts";
import { namespace, type Stage } from "./stage.ts";
import type { Until } from "./until.ts";
import { shortened, versionOf } from "./version.ts";
import { viewOf, workloadPlugins } from "./view.ts";
import type { World } from "./world.ts";

/** What chapters act with, on a stage. */
export function createScene(stage: Stage, world: World, narrator: Narrator, until: Until): Scene {
  const say = (workload: string, step: string, text: string) => narrator.line({ workload, step, text });

  async function decide(request: UpdateRequest, verb: "approve" | "reject", body: unknown): Promise<void> {
    const { metadata } = request;
    await post(`${stage.api}/api/v1/updates/${metadata.namespace}/${metadata.name}/${verb}`, body);
  }

  /** The workload as it is now, and not as the watch will hear. */
  async function read(name: string): Promise<WorkloadView> {
    const { kind } = await until(`there is a workload ${name}`, () => world.workloads.get(name));
    const plugin = workloadPlugins.find(({ resource }) => resource.kind === kind)!;
    return viewOf(plugin, await stage.kube.request<KubeObject>("GET", resourcePath(plugin.resource, namespace, name)));
  }

  const scene: Scene = {
    async create(actor) {
      const { kind, name, containers, annotations } = actor;
      const images = Object.values(containers).join(", ");
      say(name, "create", `${kind} ${name} with ${images} and policy ${annotations.policy}`);
      await createWorkload(stage, actor);
      await scene.rolledOut(name);
    },
    async push(image, content = image) {
      const [name, tag] = image.split(":") as [string, string];
      say(ownerOf(world, stage.image(name)) ?? name, "push", `crane pushes ${image} to the registry`);
      return await cranePush(stage.registry.host, `${namespace}/${name}`, tag, { content });
    },
    async tell(workload, image) {
      const [name, tag] = image.split(":") as [string, string];
      const answer = await tellOperator(stage, stage.image(name), tag);
      const known = answer.updateRequests.filter((key) => world.requests.has(key.slice(namespace.length + 1)));
      const follows = answer.updateRequests.length === 0
        ? "no UpdateRequest follows"
        : known.length === answer.updateRequests.length
        ? "its UpdateRequest is there already"
        : "there is a new UpdateRequest";
      say(workload, "webhook", `${tag} is named once more by a plain webhook, answered 200: ${follows}`);
      return answer;
    },
    request: (workload, version, phase) =>
      until(`${workload}'s UpdateRequest for ${shortened(version)} is ${phase}`, () => {
        const found = [...world.requests.values()].find(({ spec }) =>
          spec.targetRef.name === workload && versionOf(spec.newImage) === version
        );
        const { phase: is, message } = found?.status ?? {};
        if (found && is && is !== phase && FINISHED.includes(is)) {
          throw new Error(`${found.metadata.name} is ${is}, not ${phase}: ${message}`);
        }
        return is === phase && found;
      }),
    approve: (request, by) => decide(request, "approve", { approver: by }),
    reject: (request, by, reason) => decide(request, "reject", { approver: by, reason }),
    async rolledOut(name) {
      const { generation } = await read(name);
      await until(`the pods of ${name} are ready`, () => {
        const view = world.workloads.get(name);
        return view && view.generation >= generation && view.rollout?.done;
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

function ownerOf(world: World, repository: string): string | undefined {
  return [...world.workloads.values()].find(({ images }) =>
    Object.values(images).some((image) => image.startsWith(`${repository}:`))
  )?.name;
}
