import process from "node:process";
import { builtins } from "../plugins/builtin.ts";
import { HELP, readCommandLine, readOptions } from "./command_line.ts";
import { onTermination } from "../core/runtime/process.ts";
import { type Operator, startOperator } from "../core/app/main.ts";

const usage = `usage: headwind [--pretty] [--help]

Keeps the workloads of a cluster up to date: the cluster of KUBECONFIG, of the pod's service account, or of ~/.kube/config.
Settings are environment variables; deploy/README.md lists them all.

  --pretty   log lines for people instead of JSON
  --help     this text`;

/** One Ctrl-C comes from the terminal, from npm and from the script that started this one; a later one ends at once. */
const repeatedMs = 1000;
const { pretty } = readCommandLine(
  (args) => readOptions(args, { pretty: { type: "boolean", default: false }, ...HELP }).values,
  usage,
);

/** Of an end that takes longer nothing good is to come; Kubernetes would kill it after 30 s. */
const longestStopMs = 18_000;

/** No `await` outside a function: the bundle is CommonJS. */
async function run(env: Record<string, string | undefined>): Promise<void> {
  let operator: Operator | undefined;
  let stoppedAt: number | undefined;
  // from the beginning: the first process of a container does not end by a signal that it does not handle
  onTermination(async (signal) => {
    if (stoppedAt !== undefined) {
      if (performance.now() - stoppedAt > repeatedMs) process.exit(130);
      return;
    }
    stoppedAt = performance.now();
    setTimeout(() => process.exit(0), longestStopMs);
    await operator?.stop(signal);
    process.exit(0);
  });
  try {
    operator = await startOperator({ env, builtins, dashboard: () => import("../ui/web/app.ts") });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

void run({ ...process.env, ...(pretty ? { HEADWIND_LOG_FORMAT: "pretty" } : {}) });
