import { KubeError } from "../../core/kube/kube_error.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { API_VERSION, RESOURCE } from "../../core/requests/update_request.ts";
import type { Actor } from "./chapter.ts";
import { inRegistry } from "./charts.ts";
import { manifest } from "./manifests.ts";
import { tellOperator } from "./calls.ts";
import { namespace } from "./namespace.ts";
import type { Stage } from "./stage.ts";
import { isSettled, workloadPlugins } from "./view.ts";
import type { Until } from "./until.ts";
import type { World } from "./world.ts";

/**
 * Resolves once the API server refuses a decision in somebody else's name. UpdateRequests are stored without delay then,
 * too: for the first two seconds of a CRD each create is held back, since another replica might not know the CRD yet.
 *
 * Source: https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/customresource_handler.go
 */
export async function untilDecisionsAreGuarded({ kube }: Stage, until: Until): Promise<void> {
  const metadata = { name: "forged" };
  const targetRef = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "none" };
  const images = { currentImage: "none:1", newImage: "none:2" };
  const decision = { approved: true, by: "nobody" };
  const spec = { targetRef, updateType: "image", containerName: "app", ...images, policy: "none", decision };
  const body = { apiVersion: API_VERSION, kind: "UpdateRequest", metadata, spec };
  await until("the API server guards decisions", async () => {
    try {
      await kube.request("POST", resourcePath(RESOURCE, namespace), { body, query: { dryRun: "All" } });
    } catch (error) {
      if (error instanceof KubeError && error.status === 403) return true;
      throw error;
    }
  });
}

export async function createWorkload({ kube, image }: Stage, actor: Actor): Promise<void> {
  const { resource } = workloadPlugins.find(({ resource }) => resource.kind === actor.kind)!;
  await kube.request("POST", resourcePath(resource, namespace), { body: manifest(actor, image) });
}

/** Waits until the operator knows all workloads, and all their pods are ready. */
export async function everybodyReady(stage: Stage, world: World, until: Until): Promise<void> {
  for (const { kind, name, images } of world.workloads.values()) {
    for (const short of Object.values(images)) {
      const image = kind === "HelmRelease" ? stage.image(inRegistry(short)) : short;
      // what runs already is nothing new: only whether somebody uses it is of interest
      const [, repository, tag] = /^([^@]*):([^:@]+)/.exec(image) as unknown as [string, string, string];
      await until(`the operator knows ${name}`, async () => (await tellOperator(stage, repository, tag)).matched > 0);
    }
  }
  for (const [name] of world.workloads) {
    await until(`the pods of ${name} are ready`, () => isSettled(world.workloads.get(name)!));
  }
}
