import { resourcePath } from "../../core/kube/paths.ts";
import { API_VERSION, RESOURCE } from "../../core/updates/update_request.ts";
import type { Actor } from "./chapter.ts";
import { manifest } from "./manifests.ts";
import { tellOperator } from "./calls.ts";
import { namespace, type Stage } from "./stage.ts";
import { workloadPlugins } from "./view.ts";
import type { Until } from "./until.ts";
import type { World } from "./world.ts";

export async function createNamespace({ kube }: Stage): Promise<void> {
  await kube.request("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
}

/**
 * Resolves once UpdateRequests are stored without delay: for the first two seconds of a CRD the API server holds every create
 * back for two seconds, since another replica of it might not know the CRD yet.
 *
 * Source: https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/customresource_handler.go
 */
export async function untilCrdIsSettled({ kube }: Stage): Promise<void> {
  const metadata = { name: "settled" };
  const targetRef = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "none" };
  const images = { currentImage: "none:1", newImage: "none:2" };
  const spec = { targetRef, updateType: "image", containerName: "app", ...images, policy: "none" };
  const body = { apiVersion: API_VERSION, kind: "UpdateRequest", metadata, spec };
  await kube.request("POST", resourcePath(RESOURCE, namespace), { body, query: { dryRun: "All" } });
}

export async function createWorkload({ kube, image }: Stage, actor: Actor): Promise<void> {
  const { resource } = workloadPlugins.find(({ resource }) => resource.kind === actor.kind)!;
  await kube.request("POST", resourcePath(resource, namespace), { body: manifest(actor, image) });
}

/** Waits until the operator knows all workloads, and all their pods are ready. */
export async function everybodyReady(stage: Stage, world: World, until: Until): Promise<void> {
  for (const { name, images } of world.workloads.values()) {
    for (const image of Object.values(images)) {
      // what runs already is nothing new: only whether somebody uses it is of interest
      const [, repository, tag] = /^([^@]*):([^:@]+)/.exec(image) as unknown as [string, string, string];
      await until(`the operator knows ${name}`, async () => (await tellOperator(stage, repository, tag)).matched > 0);
    }
  }
  for (const [name] of world.workloads) {
    await until(`the pods of ${name} are ready`, () => world.workloads.get(name)?.rollout?.done !== false);
  }
}
