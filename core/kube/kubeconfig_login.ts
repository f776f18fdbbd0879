import process from "node:process";
import { pairFault } from "../runtime/certificates.ts";
import { readTextFile } from "../runtime/process.ts";
import type { ChosenContext, User } from "./kubeconfig.ts";
import { decodeBase64, encodeBase64 } from "../lib/bytes.ts";

/** Who asks: headers, and a client certificate where the login gives one. */
export interface Login {
  headers: Record<string, string>;
  cert?: string;
  key?: string;
}

const TOKEN_MS = 60_000;

/** The PEM text of a kubeconfig's pair of fields, `x-data` and `x`; the data wins, as in client-go. */
export async function pem(data: string | undefined, path: string | undefined): Promise<string | undefined> {
  if (data) return new TextDecoder().decode(decodeBase64(data));
  return path ? await readTextFile(path) : undefined;
}

/**
 * How a kubeconfig's user logs in: token, token file, name and password, client certificate, a login command (`exec`) or an
 * `auth-provider`. The function may be called before each request: what can be kept is kept.
 */
export async function createLogin({ context, user, cluster }: ChosenContext): Promise<() => Promise<Login>> {
  const cert = await pem(user["client-certificate-data"], user["client-certificate"]);
  const key = await pem(user["client-key-data"], user["client-key"]);
  const fixed: Login = {
    headers: impersonation(user),
    ...usable(cert, key, `the kubeconfig's user of context ${context}`),
  };
  const withAuthorization = (value: string): Login => ({
    ...fixed,
    headers: { ...fixed.headers, authorization: value },
  });

  if (user.tokenFile) {
    const path = user.tokenFile;
    let login = fixed;
    let readAt = -Infinity;
    return async () => {
      if (performance.now() - readAt >= TOKEN_MS) {
        login = withAuthorization(`Bearer ${(await readTextFile(path)).trim()}`);
        readAt = performance.now();
      }
      return login;
    };
  }
  if (user.token) return always(withAuthorization(`Bearer ${user.token}`));
  if (user.username) {
    return always(withAuthorization(`Basic ${encodeBase64(`${user.username}:${user.password ?? ""}`)}`));
  }
  if (user.exec) return await execLogin(context, user.exec, fixed);
  if (user["auth-provider"]) return await providerLogin({ context, namespace: "", user, cluster }, fixed);
  return always(fixed);
}

const always = (login: Login) => () => Promise.resolve(login);

function impersonation(user: User): Record<string, string> {
  if (!user.as) return {};
  const groups = user["as-groups"] ?? [];
  if (groups.length > 1) throw new Error("a kubeconfig user with several as-groups is not supported");
  return { "impersonate-user": user.as, ...(groups[0] ? { "impersonate-group": groups[0] } : {}) };
}

interface Applied {
  headers?: Record<string, string>;
  cert?: string;
  key?: string;
}

/**
 * A certificate and its key; nothing without a certificate, as in client-go.
 *
 * @throws where the two cannot be used
 */
function usable(cert: string | undefined, key: string | undefined, whose: string): Pick<Login, "cert" | "key"> {
  if (!cert) return {};
  const names = { cert: "client-certificate", key: "client-key" };
  if (!key) throw new Error(`${whose} has a ${names.cert}, but no ${names.key}`);
  const fault = pairFault({ cert, key }, names);
  if (fault !== undefined) throw new Error(`${whose} has ${fault}`);
  return { cert, key };
}

function withHeaders(fixed: Login, applied: Record<string, string> = {}): Login {
  const headers = { ...fixed.headers };
  for (const [name, value] of Object.entries(applied)) headers[name.toLowerCase()] = value;
  return { ...fixed, headers };
}

/** The protocol of login commands: kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function execLogin(
  context: string,
  exec: NonNullable<User["exec"]>,
  fixed: Login,
): Promise<() => Promise<Login>> {
  const { ExecAuth } = await import("@kubernetes/client-node/dist/exec_auth.js");
  const info = JSON.stringify({
    apiVersion: exec.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false },
  });
  const env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: info }];
  const user = { name: context, exec: { ...exec, args: exec.args ?? [], env } };
  const auth = new ExecAuth();
  let last: Applied = {};
  let certificate: Pick<Login, "cert" | "key"> = {};
  return async () => {
    const applied: Applied = {};
    try {
      await auth.applyAuthentication(user, applied);
    } catch (error) {
      throw new Error(`the kubeconfig's login command ${exec.command} failed: ${(error as Error).message.trim()}`);
    }
    if (applied.cert !== last.cert || applied.key !== last.key) {
      certificate = usable(applied.cert, applied.key, "what the kubeconfig's login command prints");
      last = applied;
    }
    return { ...withHeaders(fixed, applied.headers), ...certificate };
  };
}

/** OIDC, Azure and GCP logins. This loads most of client-node, some 80 MB, which nothing else here does. */
async function providerLogin(chosen: ChosenContext, fixed: Login): Promise<() => Promise<Login>> {
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  const name = chosen.context;
  config.loadFromString(JSON.stringify({
    clusters: [{ name, cluster: chosen.cluster }],
    users: [{ name, user: chosen.user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  }));
  return async () => {
    const applied: Applied & { agent?: unknown } = {};
    await config.applyToHTTPSOptions(applied);
    return withHeaders(fixed, applied.headers);
  };
}

/** The folder of the user's own files, for `~/.kube/config`. */
export const homeFolder = (env: Record<string, string | undefined>): string | undefined =>
  env.HOME || (process.platform === "win32" ? env.USERPROFILE : undefined);
