import { defineTrigger, type WebhookCall } from "../../core/plugin.ts";

/** A push without a tag has a digest in its place. */
const DIGEST = /^sha(?:256|384|512):[0-9a-f]+$/;
const MAX_LENGTH = 247;

let schema: ReturnType<typeof schemaOf> | undefined;

export default defineTrigger({
  kind: "trigger",
  name: "dockerhub",
  description: "Understands the webhooks of Docker Hub.",
  webhook: {
    path: "/webhook/dockerhub",
    read({ body, z, references, refuse }) {
      schema ??= schemaOf({ z, references });
      const read = schema.safeParse(body);
      if (!read.success) {
        const { path, message } = read.error.issues[0]!;
        return refuse(path.join(".") || "body", message);
      }
      const { push_data: { tag, media_type, pushed_at }, repository: { repo_name } } = read.data;
      const name = references.repositoryAt("docker.io", repo_name);
      if (!tag || DIGEST.test(tag)) return { sightings: [], ignored: [`a push to ${name} without a tag`] };
      if (references.isSignatureTag(tag)) {
        return { sightings: [], ignored: [`${name}:${tag} signs or attests another image`] };
      }
      const type = media_type?.startsWith("application/vnd.cncf.helm.") ? "chart" : "image";
      const at = pushed_at && new Date(pushed_at * 1000).toISOString();
      const artifact = { type, repository: name } as const;
      return {
        sightings: [{ artifact, versions: [{ tag, ...(at ? { at } : {}) }], via: "webhook", complete: false }],
        ignored: [],
      };
    },
  },
});

/**
 * What is read of a body. Official images come as `library/nginx` or as `nginx`.
 *
 * Source: https://docs.docker.com/docker-hub/repos/manage/webhooks/
 */
function schemaOf({ z, references }: Pick<WebhookCall, "z" | "references">) {
  const object = { error: "an object is wanted" };
  const text = (isRight: (text: string) => boolean, error: string) =>
    z.string({ error }).refine((text) => text.length <= MAX_LENGTH && isRight(text), { error });
  const isTagOrDigest = (text: string) => references.isTag(text) || DIGEST.test(text);
  const isRepository = (text: string) => references.isPath(text) && text.split("/").length <= 2;
  return z.object({
    push_data: z.object({
      tag: z.union([z.literal(""), text(isTagOrDigest, "a tag is wanted")], { error: "a tag is wanted" }).nullable(),
      /** In seconds since 1970. */
      pushed_at: z.number().min(0).max(1e11).nullish().catch(undefined),
      media_type: z.string().nullish().catch(undefined),
    }, object),
    repository: z.object({
      repo_name: text(isRepository, "a repository such as library/nginx is wanted"),
    }, object),
  }, object);
}
