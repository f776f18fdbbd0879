import type { ChartSource, ResourceKind } from "../../../core/plugin.ts";

/** What is read of a HelmRepository. Source: https://fluxcd.io/flux/components/source/helmrepositories/ */
export interface HelmRepository {
  spec?: {
    url?: string;
    secretRef?: { name?: string };
    certSecretRef?: { name?: string };
    passCredentials?: boolean;
    insecure?: boolean;
  };
}

/** What is read of an OCIRepository. Source: https://fluxcd.io/flux/components/source/ocirepositories/ */
export interface OciRepository {
  metadata?: { generation?: number };
  spec?: HelmRepository["spec"] & { suspend?: boolean; ref?: { tag?: string; semver?: string; digest?: string } };
  status?: { observedGeneration?: number; artifact?: { revision?: string } };
}

const source = (plural: string, kind: string): ResourceKind => ({
  group: "source.toolkit.fluxcd.io",
  version: "v1",
  plural,
  kind,
});
const KEPT_FIELDS = ["url", "secretRef", "certSecretRef", "passCredentials", "insecure", "ref", "suspend"] as const;

const MAX_TEXT_LENGTH = 2049;
/** Of a reference, or of `ref`. */
const MAX_FIELDS = 8;

/** A longer text is no URL, version or name: it is kept so long that nobody takes it for one. */
const cut = (text: string): string =>
  text.length <= MAX_TEXT_LENGTH ? text : JSON.parse(JSON.stringify(text.slice(0, MAX_TEXT_LENGTH))) as string;

/** `apiVersion` of the kinds here. */
export const SOURCE_API = "source.toolkit.fluxcd.io/v1";

export const helmRepository = {
  resource: source("helmrepositories", "HelmRepository"),
  keep: (object: unknown): object => ({ spec: keepSpec((object as HelmRepository).spec) }),
};

export const ociRepository = {
  resource: source("ocirepositories", "OCIRepository"),
  keep(object: unknown): object {
    const { spec, status } = object as OciRepository;
    const { observedGeneration, artifact } = status ?? {};
    return { spec: keepSpec(spec), status: { observedGeneration, artifact: { revision: artifact?.revision } } };
  },
};

/** Where charts are found by such an object of a namespace; undefined where it has no URL. */
export function chartSource(spec: HelmRepository["spec"], namespace: string, url = spec?.url): ChartSource | undefined {
  if (!spec || typeof url !== "string" || url === "") return undefined;
  const { secretRef, certSecretRef, passCredentials, insecure } = spec;
  return {
    url,
    namespace,
    ...(secretRef?.name ? { secret: secretRef.name } : {}),
    ...(certSecretRef?.name ? { certSecret: certSecretRef.name } : {}),
    ...(passCredentials ? { passCredentials: true } : {}),
    ...(insecure ? { insecure: true } : {}),
  };
}

function keepSpec(spec: OciRepository["spec"] = {}): object {
  const texts = ([name, value]: [string, unknown]) => [name, typeof value === "string" ? cut(value) : value];
  return Object.fromEntries(
    KEPT_FIELDS.filter((key) => key in spec).map((key) => {
      const value = spec[key];
      const isObject = typeof value === "object" && value !== null;
      return isObject
        ? [key, Object.fromEntries(Object.entries(value).slice(0, MAX_FIELDS).map(texts))]
        : texts([key, value]);
    }),
  );
}
