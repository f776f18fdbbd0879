import { type CertificatePair, pairFault } from "./client_certificate.ts";

/** What keeps a client certificate from being used with its key, with the names of their texts, for a sentence. */
export type TryCertificate = (pair: CertificatePair, names: CertificatePair) => Promise<string | undefined>;

/** Source of a process of its own, without any permission: all that it does is what Deno may end it for. */
const program = `
const { cert, key } = JSON.parse(await new Response(Deno.stdin.readable).text());
Deno.createHttpClient({ cert, key }).close();
console.log("taken");
`;
const longestMs = 10_000;

/**
 * Tries a pair where it can do no harm. Deno 2.9 ends the whole process, without an exception, over a client certificate that
 * its TLS refuses and every other reader takes (bytes behind it, an unknown critical extension): there it is tried in a
 * process of its own first, for which this one needs the permission to run Deno. Node throws, so it tries for itself.
 */
export const tryCertificate: TryCertificate = async (pair, names) => {
  const fault = pairFault(pair, names);
  if (fault !== undefined) return fault;
  const refused = `a ${names.cert} that TLS does not take`;
  if (!("Deno" in globalThis)) {
    const { createSecureContext } = await import("node:tls");
    try {
      createSecureContext(pair);
    } catch {
      return refused;
    }
    return undefined;
  }
  return await isTaken(pair) ? undefined : refused;
};

/** Throws where that could not be found out: it took too long, or no process could be started. */
async function isTaken(pair: CertificatePair): Promise<boolean> {
  const args = ["run", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, `data:application/javascript,${encodeURIComponent(program)}`],
    clearEnv: true,
    env: { DENO_DIR: "/dev/null/none", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    try {
      child.kill("SIGKILL");
    } catch {
      // it has ended in this moment
    }
  }, longestMs);
  try {
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode(JSON.stringify(pair)))
      .then(() => input.close())
      // one that ended before it read all has said what it is
      .catch(() => {});
    const { signal, stdout } = await child.output();
    if (late || signal === "SIGKILL") {
      throw new Error(`it took longer than ${longestMs / 1000} s`);
    }
    return new TextDecoder().decode(stdout).trim() === "taken";
  } finally {
    clearTimeout(timer);
  }
}

/** Why client certificates cannot be tried here, in a sentence; undefined where they can. */
export function noTrials(): string | undefined {
  if (!("Deno" in globalThis)) return undefined;
  const command = Deno.execPath();
  if (Deno.permissions.querySync({ name: "run", command }).state === "granted") return undefined;
  return `Deno has to be started with --allow-run=${command}, so that a certificate which Deno cannot bear ends another process`;
}
