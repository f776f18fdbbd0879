import { defineTrigger, type Zod } from "../../core/plugin.ts";

const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const repository = new RegExp(`^${part}(?:/${part})?$`);
const tagOrDigest = /^(?:\w[\w.-]{0,127}|sha(?:256|384|512):[0-9a-f]+)$/;
const isDigest = /^sha\d+:/;
/** Of the manifests that are tagged by the digest of the image that they sign or attest, as cosign does. */
const signature = /^sha(?:256|384|512)-[0-9a-f]{32,}/i;

let schema: ReturnType<typeof schemaOf> | undefined;

export default defineTrigger({
  kind: "trigger",
  name: "dockerhub",
  description: "Understands the webhooks of Docker Hub.",
  webhook: {
    path: "/webhook/dockerhub",
    read({ body, z, refuse }) {
      schema ??= schemaOf(z);
      const read = schema.safeParse(body);
      if (!read.success) {
        const { path, message } = read.error.issues[0]!;
        return refuse(path.join(".") || "body", message);
      }
      const { push_data: { tag, media_type, pushed_at }, repository: { repo_name } } = read.data;
      const name = `docker.io/${repo_name.includes("/") ? repo_name : `library/${repo_name}`}`;
      if (!tag || isDigest.test(tag)) return { sightings: [], ignored: [`a push to ${name} without a tag`] };
      if (signature.test(tag)) return { sightings: [], ignored: [`${name}:${tag} signs or attests another image`] };
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
function schemaOf(z: Zod) {
  const object = { error: "an object is wanted" };
  const text = (pattern: RegExp, error: string) => z.string({ error }).max(247, { error }).regex(pattern, { error });
  return z.object({
    push_data: z.object({
      tag: z.union([z.literal(""), text(tagOrDigest, "a tag is wanted")], { error: "a tag is wanted" }).nullable(),
      /** In seconds since 1970. */
      pushed_at: z.number().min(0).max(1e11).nullish().catch(undefined),
      media_type: z.string().nullish().catch(undefined),
    }, object),
    repository: z.object({
      repo_name: text(repository, "a repository such as library/nginx is wanted"),
    }, object),
  }, object);
}
