import type { Log } from "../plugin.ts";
import { parseWebhookSecrets, type WebhookSecret } from "./webhook_secrets.ts";
import { readTextFile } from "../runtime/files.ts";

/** The secrets of webhooks as they are now. */
export type WebhookSecrets = () => Promise<readonly WebhookSecret[]>;

export interface SecretsOptions {
  /** `HEADWIND_WEBHOOK_SECRET`: for all repositories. */
  secret: string | undefined;
  /** `HEADWIND_WEBHOOK_SECRETS_FILE`. */
  file: string | undefined;
  log: Log;
  /** Milliseconds for which the file is not read again. Default 10 000. */
  freshMs?: number;
  now?(): number;
}

/**
 * Reads the file, and again when a call comes and it was read a while ago, since a mounted Secret may change; one that
 * cannot be read any more leaves the secrets as they were. Throws where it cannot be read at the start.
 */
export async function createWebhookSecrets(options: SecretsOptions): Promise<WebhookSecrets> {
  const { secret, file, log, freshMs = 10_000, now = () => performance.now() } = options;
  const single = secret === undefined ? [] : [{ prefix: "", secret }];
  if (file === undefined) return () => Promise.resolve(single);
  const read = async () => [...parseWebhookSecrets(await readTextFile(file)), ...single];
  let secrets = await read().catch((error: Error) => {
    throw new Error(`HEADWIND_WEBHOOK_SECRETS_FILE: ${file}: ${error.message}`);
  });
  let [readAt, told] = [now(), ""];
  return async () => {
    if (now() - readAt < freshMs) return secrets;
    readAt = now();
    try {
      secrets = await read();
      told = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== told) {
        log.warn("the file of webhook secrets cannot be read: they stay as they were", { file, error });
      }
      told = message;
    }
    return secrets;
  };
}
