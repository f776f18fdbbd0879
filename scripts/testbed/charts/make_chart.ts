import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { helm } from "./helm.ts";

export interface ChartSpec {
  /** Name of the chart, such as `nginx`. */
  name: string;
  /** A semantic version; one with `+` is fine. */
  version: string;
  /** Default: the version of the image's tag. */
  appVersion?: string;
  /**
   * Laid over the chart's own values: `image.repository`, `image.tag`, `replicas`. A tag that ends in one of `FAULTS`
   * (`scripts/testbed/stages.ts`) makes pods that fail.
   */
  values?: Record<string, unknown>;
  deprecated?: boolean;
  /** It can be packaged and published, and no release can be made of it: a template of it fails. */
  broken?: boolean;
}

/** What a `broken` chart's template says when it is rendered. */
export const brokenMessage = "this version of the chart cannot be rendered";

/** Makes a chart of one Deployment by the real `helm package`. Gives the path of its archive in `dir`. */
export async function makeChart({ dir, ...spec }: ChartSpec & { dir: string }): Promise<string> {
  const [archive] = await makeCharts([spec], dir);
  return archive!;
}

/** Makes several charts by one run of `helm package`. Gives the paths of their archives in `dir`, in the same order. */
export async function makeCharts(specs: ChartSpec[], dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const sources = await mkdtemp(join(dir, ".sources-"));
  try {
    const folders = await Promise.all(specs.map((spec, index) => writeChart(spec, join(sources, `${index}`))));
    await helm(["package", ...folders, "--destination", dir], { home: sources });
    return specs.map(({ name, version }) => join(dir, `${name}-${version}.tgz`));
  } finally {
    await rm(sources, { recursive: true, force: true });
  }
}

/** Gives the chart's folder, which bears its name: Helm insists. */
async function writeChart(spec: ChartSpec, parent: string): Promise<string> {
  const { name, version, values = {}, deprecated, broken } = spec;
  const merged = merge(ownValues(name), values);
  const tag = (merged.image as { tag?: string } | undefined)?.tag;
  const appVersion = spec.appVersion ?? tag ?? "1.0.0";
  const chart = {
    apiVersion: "v2",
    name,
    version,
    appVersion,
    type: "application",
    description: `One Deployment of ${name}, for tests`,
    ...(deprecated ? { deprecated } : {}),
  };
  const folder = join(parent, name);
  await mkdir(join(folder, "templates"), { recursive: true });
  // Helm reads YAML, which JSON is
  await writeFile(join(folder, "Chart.yaml"), JSON.stringify(chart, null, 2));
  await writeFile(join(folder, "values.yaml"), JSON.stringify(merged, null, 2));
  await writeFile(join(folder, "templates", "deployment.yaml"), deployment);
  if (broken) await writeFile(join(folder, "templates", "broken.yaml"), `{{ fail "${brokenMessage}" }}\n`);
  return folder;
}

const ownValues = (name: string) => ({
  image: { repository: `registry.example/${name}`, tag: "1.0.0" },
  replicas: 1,
});

function merge(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isPlain(below) && isPlain(value) ? merge(below, value) : value;
  }
  return merged;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    app.kubernetes.io/name: {{ .Chart.Name }}
    app.kubernetes.io/instance: {{ .Release.Name }}
    helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app.kubernetes.io/instance: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
`;
