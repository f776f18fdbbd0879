import { readFile, writeFile } from "node:fs/promises";

/**
 * What kwok makes of a container whose image ends in one of these patch versions, and so of its pod; all others are ready
 * at once. So a mere change of the image leads to a rollout that fails, as it does for people.
 */
export const FAULTS = {
  /** Waits in CrashLoopBackOff, with a restart every second. The pod of a Job fails. */
  crashes: "666",
  /** Waits in ImagePullBackOff. */
  unpullable: "667",
  /** Is running and never becomes ready. */
  unready: "668",
  /** Is ready, and is not any more two seconds later. */
  flaps: "669",
} as const;

/** kwok's own stages, changed so that they leave those pods alone, and a stage for each way to fail. */
export async function writeStages(stockFile: string, file: string): Promise<void> {
  const stock = await readFile(stockFile, "utf8");
  const { crashes, unpullable, unready } = FAULTS;
  const documents = stock.split(/^---$/m).map((document) => {
    if (!/^ {2}name: pod-ready$/m.test(document)) return document;
    const selector = "    matchExpressions:\n";
    return document.replace(selector, selector + match(isTagged(crashes, unpullable, unready), false));
  });
  await writeFile(file, [...documents, ...ownStages()].map((document) => document.trim()).join("\n---\n") + "\n");
}

function ownStages(): string[] {
  const { crashes, unpullable, unready, flaps } = FAULTS;
  const isNew = [match(".status.phase", "Pending"), match(".status.startTime", undefined)];
  const isReady = match('.status.conditions.[] | select( .type == "Ready" ) | .status', "True");
  const ofJob = "    - key: '.metadata.ownerReferences.[].kind'\n      values: [Job]\n      operator: ";
  const [isOfJob, isOfNoJob] = [`${ofJob}In\n`, `${ofJob}NotIn\n`];
  const again = '{{ add1 (int (index (index $root.status.containerStatuses $index) "restartCount")) }}';
  return [
    stage("pod-crashes", [match(isTagged(crashes), true), isOfNoJob, ...isNew], status(crashes, crashed("1"))),
    stage(
      "pod-crashes-again",
      [match(isTagged(crashes), true), isOfNoJob, match(".status.phase", "Running")],
      status(crashes, crashed(again)),
      1000,
    ),
    stage("pod-of-job-fails", [match(isTagged(crashes), true), isOfJob, ...isNew], status(crashes, ended, "Failed")),
    stage(
      "pod-is-unpullable",
      [match(isTagged(unpullable), true), ...isNew],
      status(unpullable, unpulled, "Pending"),
    ),
    stage("pod-is-unready", [match(isTagged(unready), true), ...isNew], status(unready, running)),
    stage("pod-flaps", [match(isTagged(flaps), true), isReady], status(flaps, running), 2000),
  ];
}

const tag = (patches: string[]) => `[.](${patches.join("|")})(@.*)?$`;
const isTagged = (...patches: string[]) => `[.spec.containers[].image | test("${tag(patches)}")] | any`;

const lastEnd =
  "terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }";
const pod = "{{ $root.metadata.name }}_{{ $root.metadata.namespace }}({{ $root.metadata.uid }})";

/** The texts are the kubelet's. */
const crashed = (restarts: string) => `
  restartCount: ${restarts}
  started: false
  lastState:
    ${lastEnd}
  state:
    waiting:
      reason: CrashLoopBackOff
      message: "back-off 10s restarting failed container={{ $item.name }} pod=${pod}"`;
const unpulled = `
  restartCount: 0
  started: false
  state:
    waiting:
      reason: ImagePullBackOff
      message: 'Back-off pulling image "{{ $item.image }}": ErrImagePull: {{ $item.image }}: not found'`;
const ended = `
  restartCount: 0
  started: false
  state:
    ${lastEnd}`;
const running = `
  restartCount: 0
  started: true
  state:
    running: { startedAt: {{ $now | Quote }} }`;

/** The status of a pod whose containers of this patch version are in `state`, and whose others are ready. */
const status = (patch: string, state: string, phase = "Running"): string =>
  `{{ $now := Now }}
{{ $root := . }}
conditions:
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ $now | Quote }} }
startTime: {{ or .status.startTime $now | Quote }}
containerStatuses:
{{ range $index, $item := .spec.containers }}
- image: {{ $item.image | Quote }}
  name: {{ $item.name | Quote }}
  {{ if regexMatch "${tag([patch])}" $item.image }}
  ready: false${state}
  {{ else }}
  ready: true${running}
  {{ end }}
{{ end }}
phase: ${phase}`;

function match(key: string, value: string | boolean | undefined): string {
  const head = `    - key: '${key}'\n`;
  if (value === undefined) return `${head}      operator: 'DoesNotExist'\n`;
  return `${head}      operator: 'In'\n      values:\n      - '${value}'\n`;
}

function stage(name: string, matches: string[], statusTemplate: string, delayMs = 0): string {
  return `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: ${name}
spec:
  resourceRef:
    apiGroup: v1
    kind: Pod
  selector:
    matchExpressions:
    - key: '.metadata.deletionTimestamp'
      operator: 'DoesNotExist'
${matches.join("")}  delay:
    durationMilliseconds: ${delayMs}
  next:
    statusTemplate: |
${statusTemplate.replace(/^/gm, "      ")}
`;
}
