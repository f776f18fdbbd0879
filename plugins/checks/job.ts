import { type CheckReading, type CheckSubject, defineCheck } from "../../core/plugin.ts";

interface Annotations {
  "check-job": string;
}

interface CronJob {
  metadata: { labels?: Record<string, string> };
  spec: {
    jobTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: Record<string, unknown>;
    };
  };
}
interface Job {
  spec?: { suspend?: boolean };
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

/** What a CronJob says to be run for whoever may annotate a workload of its namespace. */
const CONSENT_LABEL = { label: "headwind.sh/check", value: "true" } as const;

const CLUSTER_ROLE = "the ClusterRole headwind-check-jobs gives that right";

export default defineCheck<Record<string, never>, Annotations>({
  kind: "check",
  name: "job",
  description: "A Job, made once for each update from a CronJob, succeeds.",
  annotations: (z) =>
    z.object({
      "check-job": z.string().trim().max(253)
        .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "the name of a CronJob in the same namespace is wanted").describe(
          'CronJob of the same namespace with the label `headwind.sh/check: "true"`, usually a suspended one, of which a Job is made for each update; it must succeed',
        ),
    }),
  async read(subject, context) {
    const { "check-job": cronJob } = subject.annotations;
    const { namespace } = subject.workload;
    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    const name = nameOf(cronJob, subject.updateRequest.uid);
    try {
      const job = await context.get<Job>(`${jobs}/${name}`);
      if (job) return judge(name, job);
      const template = await context.get<CronJob>(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${cronJob}`);
      if (!template) return { state: "failing", message: `there is no CronJob ${namespace}/${cronJob}` };
      if (template.metadata.labels?.[CONSENT_LABEL.label] !== CONSENT_LABEL.value) {
        const label = `${CONSENT_LABEL.label}: "${CONSENT_LABEL.value}"`;
        return {
          state: "failing",
          message: `the CronJob ${namespace}/${cronJob} has not the label ${label}, which allows it`,
        };
      }
      await context.create(jobs, jobOf(template, name, subject));
      return { state: "waiting", message: `the Job ${name} runs` };
    } catch (error) {
      return refusal(error, namespace);
    }
  },
});

/** The same for one update, whoever asks and how often. 63 characters at most, since it becomes a label of the pods. */
function nameOf(cronJob: string, uid: string): string {
  return `${cronJob.slice(0, 30).replace(/[-.]+$/, "")}-${uid.replaceAll("-", "")}`;
}

/** As `kubectl create job --from` makes it, but it goes with the UpdateRequest, and not before. */
function jobOf({ spec: { jobTemplate } }: CronJob, name: string, { updateRequest }: CheckSubject<Annotations>) {
  const { ttlSecondsAfterFinished: _, ...spec } = jobTemplate.spec;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      labels: jobTemplate.metadata?.labels,
      annotations: { ...jobTemplate.metadata?.annotations, "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [{
        apiVersion: "headwind.sh/v1alpha1",
        kind: "UpdateRequest",
        name: updateRequest.name,
        uid: updateRequest.uid,
      }],
    },
    spec,
  };
}

function judge(name: string, { spec, status }: Job): CheckReading {
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type && one.status === "True");
  if (condition("Complete")) return { state: "ok", message: `the Job ${name} succeeded` };
  const failed = condition("Failed");
  if (failed) {
    return {
      state: "failing",
      message: `the Job ${name} failed: ${failed.message || failed.reason || "no reason is given"}`,
    };
  }
  return { state: "waiting", message: `the Job ${name} ${spec?.suspend ? "is suspended" : "runs"}` };
}

/** The API server being away says nothing of the workload; everything else that it refuses is told. */
function refusal(error: unknown, namespace: string): CheckReading {
  const { status, message } = error as { status?: number; message: string };
  if (status === undefined) throw error;
  if (status === 0 || status === 408 || status === 429 || status >= 500) {
    return { state: "waiting", message: "the API server cannot be asked" };
  }
  if (status === 403) {
    return { state: "failing", message: `Headwind may not make Jobs in ${namespace}, ${CLUSTER_ROLE}: ${message}` };
  }
  return { state: "failing", message };
}
