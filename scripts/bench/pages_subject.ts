/**
 * A process that serves pages of the dashboard to itself, of so many requests and workloads, and prints what each took, beside
 * what JSON.stringify takes for the same requests: `PagesResult`. Before each page one of the requests changes.
 */
import { createHash } from "node:crypto";
import createDashboard from "../../ui/web/app.ts";
import { dashboardContext } from "../../test/support/build/dashboard_context.ts";
import deployment from "../../plugins/workloads/deployment.ts";
import type { PagesResult } from "./results.ts";
import type { Phase } from "../../core/requests/phases.ts";
import { projectWorkload } from "../../core/workloads/project.ts";
import { reported } from "../../core/requests/reasons.ts";
import { statusOf } from "../../core/lifecycle/status.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";

const sizes = { requests: 5_000, workloads: 10_000 };
const namespaces = 200;
const rounds = 300;
const now = Date.parse("2026-01-02T12:00:00Z");

const pages: Record<string, (round: number) => string> = {
  "overview": () => "/",
  "updates": () => "/updates",
  "updates, searched and filtered": (round) => `/updates?search=app-${round % 100}&phase=Unfinished&sort=-seen`,
};

/** Of ten requests one waits for an approval, one for its interval, one is verified, one is held; the others are finished. */
const phases: readonly Phase[] = [
  ...["Pending", "Approved", "Verifying", "Held", "Failed", "Rejected", "Superseded"] as const,
  ...["Completed", "Completed", "Completed"] as const,
];

const reasons: Partial<Record<Phase, string>> = { Pending: "WaitingForApproval", Approved: "IntervalNotElapsed" };
const namespaceOf = (number: number) => `team-${number % namespaces}`;
const imageOf = (number: number, version: string) =>
  `registry.example.com/team-${number % namespaces}/app-${number}:${version}`;

/** The request of a workload, in the state that so many changes have brought it to. */
function requestOf(number: number, changes = 0): UpdateRequest {
  const [namespace, name, at] = [namespaceOf(number), `app-${number}`, new Date(now - number * 60_000).toISOString()];
  const phase = phases[(number + changes) % phases.length]!;
  const newImage = imageOf(number, `1.3.${number % 9}`);
  const id = createHash("sha256").update(name).digest("hex");
  const request: UpdateRequest = {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: {
      name: `${name}-app-1-3-${number % 9}-${id.slice(0, 10)}`,
      namespace,
      uid: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
      resourceVersion: String(100_000 + changes),
      creationTimestamp: at,
    },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace, name },
      updateType: "image",
      containerName: "app",
      currentImage: imageOf(number, "1.2.0"),
      newImage,
      policy: "minor",
      reason: `1.3.${number % 9} is higher than 1.2.0`,
      requireApproval: true,
      sighting: { at, via: "webhook", trigger: "registry", trusted: true },
      ...(phase === "Pending"
        ? {}
        : { decision: { approved: phase !== "Rejected", by: "ann@example.com", via: "kubectl" } }),
    },
  };
  const lived: readonly Phase[] = phase === "Pending" ? ["Pending"] : ["Pending", "Approved", phase];
  return lived.reduce<UpdateRequest>((before, phase, step) => ({
    ...before,
    status: statusOf(
      before,
      {
        phase,
        reason: reported(reasons[phase] ?? phase),
        message: `${phase}: ${newImage} of app, as the workload says`,
      },
      new Date(now - number * 60_000 + step * 1000),
      true,
    ),
  }), request);
}

const workloadOf = (number: number) =>
  projectWorkload(deployment, {
    metadata: {
      namespace: namespaceOf(number),
      name: `app-${number}`,
      uid: `uid-${number}`,
      annotations: {
        "headwind.sh/policy": "minor",
        "headwind.sh/last-update": new Date(now - 60_000).toISOString(),
        "headwind.sh/min-update-interval": "1h",
      },
    },
    ...{ spec: { template: { spec: { containers: [{ name: "app", image: imageOf(number, "1.2.0") }] } } } },
  }, { pollingInterval: 300 });

const requests = Array.from({ length: sizes.requests }, (_, number) => requestOf(number));
const context = dashboardContext({
  requests,
  workloads: Array.from({ length: sizes.workloads }, (_, number) => workloadOf(number)),
  now: new Date(now).toISOString(),
  open: true,
  env: { HEADWIND_APPROVALS: "open" },
});
const dashboard = await createDashboard(context);

async function timeOf(path: string): Promise<number> {
  const request = new Request(`http://127.0.0.1:8082${path}`, { headers: { "accept-encoding": "gzip" } });
  const started = performance.now();
  const answer = await dashboard.fetch(request, { address: "127.0.0.1" });
  await answer.arrayBuffer();
  const ms = performance.now() - started;
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
  return ms;
}

function stringify(): number {
  const started = performance.now();
  const { length } = JSON.stringify(requests);
  const ms = performance.now() - started;
  if (length < sizes.requests * 1000) throw new Error(`${length} characters are no ${sizes.requests} requests`);
  return ms;
}

const result: PagesResult = { ...sizes, stringifyMs: [stringify()], firstMs: await timeOf("/"), pages: [] };
for (const page of Object.keys(pages)) result.pages.push({ page, ms: [] });
let changes = 0;
for (let round = 0; round < rounds; round++) {
  for (const { page, ms } of result.pages) {
    const number = changes++ * 37 % sizes.requests;
    context.change(requestOf(number, changes));
    ms.push(await timeOf(pages[page]!(round)));
  }
  // ten million characters at a time would have the collector of garbage take turns in the pages
  if (round % 10 === 0) result.stringifyMs.push(stringify());
}
console.log(JSON.stringify(result));
