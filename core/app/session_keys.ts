import { hkdfSync, randomBytes } from "node:crypto";
import type { Log } from "../plugin.ts";
import { readTextFile } from "../runtime/process.ts";

/** The keys, of 32 bytes each, that sessions are sealed with: the first seals, each opens. */
export type SessionKeys = () => Promise<readonly Uint8Array[]>;

/** Characters that a key has at least: `openssl rand -base64 32` gives 44. */
const least = 32;

export interface SessionKeysOptions {
  /** Absent: one that is made now, and that nobody else has. */
  file: string | undefined;
  log: Log;
  /** @default 10 s */
  freshMs?: number;
  now?(): number;
}

/** Reads the file when it is asked for keys and was not read for a while. What is wrong with it later on is logged, and the old ones stay. */
export async function createSessionKeys(options: SessionKeysOptions): Promise<SessionKeys> {
  const { file, log, freshMs = 10_000, now = () => performance.now() } = options;
  if (file === undefined) {
    const own = [new Uint8Array(randomBytes(32))];
    return () => Promise.resolve(own);
  }
  let keys = await readSessionKeys(file);
  let [readAt, told] = [now(), ""];
  return async () => {
    if (now() - readAt < freshMs) return keys;
    readAt = now();
    try {
      keys = await readSessionKeys(file);
      told = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== told) log.warn("the keys of sessions cannot be read: they stay as they were", { error });
      told = message;
    }
    return keys;
  };
}

/** @throws naming the setting */
export const readSessionKeys = (file: string): Promise<Uint8Array[]> =>
  readNamed("HEADWIND_UI_SESSION_KEYS_FILE", file, parseSessionKeys);

/**
 * What the dashboard proves itself with to its OpenID issuer.
 *
 * @throws naming the setting
 */
export const readClientSecret = (file: string): Promise<string> =>
  readNamed("HEADWIND_UI_OIDC_CLIENT_SECRET_FILE", file, (text) => {
    const secret = text.trim();
    if (secret === "" || secret.includes("\n")) throw new Error("one line with the client's secret is wanted");
    return secret;
  });

async function readNamed<T>(setting: string, file: string, parse: (text: string) => T): Promise<T> {
  try {
    return parse(await readTextFile(file));
  } catch (error) {
    throw new Error(`${setting}: ${file}: ${(error as Error).message}`);
  }
}

/** A key a line; empty lines and those that begin with `#` are none. */
export function parseSessionKeys(text: string): Uint8Array[] {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0 || lines.length > 2) {
    throw new Error(`one key or two are wanted, a line each, and it has ${lines.length}`);
  }
  return lines.map((line, index) => {
    if (line.length < least) {
      throw new Error(`key ${index + 1} has fewer than ${least} characters`);
    }
    return new Uint8Array(hkdfSync("sha256", line, "headwind", "sessions of the dashboard", 32));
  });
}
