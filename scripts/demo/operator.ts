import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { delay } from "../../core/lib/delay.ts";
import { startOwnProcess } from "../testbed/own_process.ts";

/** The operator as a process of its own, as `npm start` runs it. */
export interface OperatorProcess {
  /** Its exit status or signal, once it has ended. */
  ended(): string | undefined;
  /** The last lines of its log. */
  tail(): Promise<string>;
  /** Resolves once `/readyz` says yes; gives its pid. Throws with the end of its log when it ends, or 60 s pass. */
  ready(signal: AbortSignal): Promise<number>;
  /** SIGTERM, and SIGKILL after five seconds. */
  stop(): Promise<void>;
}

export interface OperatorOptions {
  /** Folder for its log. */
  dir: string;
  ports: { webhook: number; api: number; metrics: number; ui: number };
  secret: string;
  /** URL of the API server. */
  apiServer: string;
  /** Folder with the files that a pod finds mounted. */
  serviceAccount: string;
  /** What it calls itself. */
  replica: string;
  /** Whether its log is for people, and goes where that of this process goes. */
  pretty?: boolean;
  /** Settings besides those that say where everything is. */
  env?: Record<string, string>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Starts it, on 127.0.0.1 alone, and with the rights of its service account alone. */
export function startOperator(options: OperatorOptions): OperatorProcess {
  const { dir, ports, secret, apiServer, serviceAccount, replica, pretty = false, env = {} } = options;
  const { hostname, port } = new URL(apiServer);
  const { ended, tail, pid, stop } = startOwnProcess({
    name: "operator",
    script: join(root, "scripts", "start.ts"),
    dir,
    ...(pretty ? { args: ["--pretty"], output: "inherit" } : {}),
    inherits: pretty ? ["NO_COLOR", "TERM"] : [],
    env: {
      HEADWIND_LOG_LEVEL: "debug",
      HEADWIND_HEALTH_CHECK_INTERVAL: "1",
      HEADWIND_POLLING_MIN_INTERVAL: "1",
      ...env,
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      HEADWIND_SERVICE_ACCOUNT_DIR: serviceAccount,
      HEADWIND_HOST: "127.0.0.1",
      // the demo's registry and Helm repository are on this machine
      HEADWIND_ALLOWED_ADDRESSES: "127.0.0.0/8",
      HEADWIND_WEBHOOK_PORT: String(ports.webhook),
      HEADWIND_API_PORT: String(ports.api),
      HEADWIND_METRICS_PORT: String(ports.metrics),
      HEADWIND_UI_PORT: String(ports.ui),
      HEADWIND_UI_AUTH_MODE: "token",
      HEADWIND_WEBHOOK_SECRET: secret,
      HEADWIND_REPLICA: replica,
      POD_UID: replica,
    },
  });
  return {
    ended,
    tail,
    async ready(signal) {
      const deadline = performance.now() + 60_000;
      while (!(await isReady(ports.metrics))) {
        const why = ended() ?? (performance.now() > deadline ? "not ready in 60 s" : undefined);
        if (why) throw new Error(`the operator did not start (${why}); its last lines:\n${await tail()}`);
        await delay(20, signal);
      }
      return await pid();
    },
    stop,
  };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
