/** How the image runs the operator. */
export interface Entrypoint {
  args: string[];
  env: Record<string, string>;
}

export interface Places {
  /** Folder of the bundle. */
  app: string;
  /** Folder of the service account's files. */
  serviceAccount: string;
  /** Folder of what is mounted at `/etc/headwind`. */
  mounted?: string;
}

const mountPoint = "/etc/headwind";

/**
 * Deno's arguments and the environment that the image's Dockerfile gives the operator, with this machine's folders in
 * place of the image's. Throws when the Dockerfile has no such lines any more.
 */
export function readEntrypoint(dockerfile: string, { app, serviceAccount, mounted = mountPoint }: Places): Entrypoint {
  const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1];
  if (!entrypoint) throw new Error("the Dockerfile has no ENTRYPOINT in JSON");
  const [command, ...args] = JSON.parse(entrypoint) as string[];
  if (!command?.endsWith("/deno")) throw new Error(`the Dockerfile's ENTRYPOINT runs ${command}, not Deno`);
  const env = [...dockerfile.split(/^FROM /m).at(-1)!.matchAll(/^ENV (.*)$/gm)]
    .flatMap(([, pairs]) => [...pairs!.matchAll(/(\S+?)=(\S*)/g)])
    .map(([, name, value]) => [name!, value!] as const);
  const here = (path: string) => {
    if (path === "/app" || path.startsWith("/app/")) return app + path.slice("/app".length);
    if (path === mountPoint) return mounted;
    return path === "/var/run/secrets" ? serviceAccount : path;
  };
  const local = args.map((arg) => {
    const [flag = "", paths] = arg.split("=");
    return flag === "--allow-read" && paths ? `${flag}=${paths.split(",").map(here).join(",")}` : here(arg);
  });
  return { args: local, env: Object.fromEntries(env) };
}
