import { type Finding, type Format, quoted, untagged } from "./format.ts";
import { names } from "./names.ts";
import { once, parse } from "./parse.ts";
import { latestOf } from "./reading.ts";
import type { WebhookCall } from "../../../core/plugin.ts";

const keys = ["registry_package", "package"] as const;
const event = once((z) => z.object({ action: z.string() }));
const anyPackage = once((z) => z.object({ package_type: z.string() }));
const container = once((z) => {
  const text = z.string().nullish();
  const types = { media_type: text };
  const times = { created_at: z.unknown().optional(), updated_at: z.unknown().optional() };
  return z.object({
    namespace: text,
    name: text,
    ...times,
    package_version: z.object({
      ...times,
      package_url: text,
      container_metadata: z.object({
        tag: z.object({ name: text, digest: text }).nullish(),
        manifest: z.object({ ...types, config: z.object(types).nullish() }).nullish().catch(undefined),
      }).nullish(),
    }).nullable(),
  });
});
const version = once((z, references) => {
  const { tag, digest } = names({ z, references });
  return z.object({ name: tag, digest: digest.optional() });
});
const address = once((z, references) => z.object({ package_url: names({ z, references }).hostedImage }));
const fullName = once((z, references) =>
  z.object({ namespace: names({ z, references }).path, name: names({ z, references }).path })
);

/**
 * GitHub's events `registry_package` and `package`, as far as they tell of containers. A manifest that was pushed
 * without a tag has an empty one, and a `package_url` that ends in a colon.
 *
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads#registry_package
 */
export const ghcr: Format = {
  recognises: (body, headers) => keys.some((key) => key in body) || "zen" in body || headers.has("x-github-event"),
  read(body, call) {
    const key = keys.find((key) => key in body);
    if (!key) return [`GitHub's event ${quoted(call.headers.get("x-github-event") ?? "ping")} tells of no package`];
    const { action } = parse(event(call), body, call);
    if (action !== "published" && action !== "updated") {
      return [`the action ${quoted(action)} tells of no new version`];
    }
    const { package_type } = parse(anyPackage(call), body[key], call, key);
    if (package_type.toLowerCase() !== "container") return [`a package of type ${quoted(package_type)} is no image`];
    return [readContainer(body[key], call, key)];
  },
};

function readContainer(value: unknown, call: WebhookCall, at: string): Finding {
  const { namespace, name, package_version, ...own } = parse(container(call), value, call, at);
  const { tag, manifest } = package_version?.container_metadata ?? {};
  if (!tag?.name || call.references.isDigest(tag.name)) return untagged;
  const metadata = `${at}.package_version.container_metadata`;
  const seen = parse(version(call), { ...tag, digest: tag.digest || undefined }, call, `${metadata}.tag`);
  return {
    repository: repositoryOf(namespace, name, package_version?.package_url, call, at),
    tag: seen.name,
    digest: seen.digest,
    at: latestOf([own, package_version].flatMap((times) => [times?.created_at, times?.updated_at])),
    mediaTypes: [manifest?.media_type, manifest?.config?.media_type],
  };
}

/** By the package's URL, which GitHub Enterprise has too; in lower case, since owners may be written with upper case. */
function repositoryOf(
  namespace: string | null | undefined,
  name: string | null | undefined,
  url: string | null | undefined,
  call: WebhookCall,
  at: string,
): string {
  if (url) {
    const value = { package_url: url.replace(/:$/, "").toLowerCase() };
    return parse(address(call), value, call, `${at}.package_version`).package_url.repository;
  }
  const value = { namespace: namespace?.toLowerCase(), name: name?.toLowerCase() };
  const full = parse(fullName(call), value, call, at);
  return `ghcr.io/${full.namespace}/${full.name}`;
}
