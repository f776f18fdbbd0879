import * as z from "zod";
import { isSafeUrl } from "../registry/plain_http.ts";
import { LEAST_SECRET } from "../lib/shared_secret.ts";
import { parseRange } from "../runtime/egress_guard.ts";

/** Of a text, as `isShown` wants it: whether people may see what it is set to. */
const SHOWN = { shown: true };
const SECRET = { shown: false };

const port = (standard: number, what: string) =>
  z.coerce.number().int().min(0).max(65535).default(standard).describe(`Port of ${what}; 0 takes a free one`);
const list = (what: string, takes: (part: string) => boolean = () => true, wanted = "") =>
  z.string().default("").transform((text) => text.split(",").map((part) => part.trim()).filter((part) => part !== ""))
    .refine((parts) => parts.every(takes), wanted).describe(what).meta(SHOWN);
const header = (standard: string, what: string) =>
  z.string().regex(/^[A-Za-z0-9-]+$/, "the name of a header is wanted").default(standard).describe(
    `Header in which ${what}`,
  ).meta(SHOWN);
const count = (standard: number, least: number, most: number, what: string) =>
  z.coerce.number().int().min(least).max(most).default(standard).describe(what);

/** A URL of nothing but scheme, host and port. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && text.toLowerCase() === url.origin;
}

/** Core's own settings: the keys are environment variables. */
export const coreSettings = z.object({
  HEADWIND_WEBHOOK_PORT: port(8080, "the webhook server"),
  HEADWIND_API_PORT: port(8081, "the approval API"),
  HEADWIND_UI_PORT: port(8082, "the dashboard"),
  HEADWIND_METRICS_PORT: port(9090, "the metrics server"),
  HEADWIND_HTTP_CONNECTIONS: count(
    512,
    16,
    65536,
    "Connections that each server keeps open, half of them from one address; beyond that, those that ask for nothing give way",
  ),
  HEADWIND_UI_STREAMS: count(
    2000,
    1,
    65536,
    "Pages of the dashboard that are open at the same time and move by themselves, each by a connection of its own besides those of `HEADWIND_HTTP_CONNECTIONS`; the next are asked to come again later",
  ),
  HEADWIND_HOST: z.string().optional().describe("Address that all servers listen on; all addresses if absent").meta(
    SHOWN,
  ),
  HEADWIND_WEBHOOK_SECRET: z.string().min(LEAST_SECRET, `at least ${LEAST_SECRET} characters are wanted`).optional()
    .describe(
      "What a webhook call has to prove that it knows, for all repositories that have no secret of their own in the next; without any secret webhooks are refused",
    ).meta(SECRET),
  HEADWIND_WEBHOOK_SECRETS_FILE: z.string().min(1).optional().describe(
    "File with lines `prefix=secret`, such as `reg.example/team=…`: secrets that prove webhooks of the repositories below a prefix, and no others; read again when it changes",
  ).meta(SHOWN),
  HEADWIND_WEBHOOK_TRUST: z.enum(["registry", "proof"]).default("registry").describe(
    "Whom to believe that there is a version: the registry, which is asked for each one that a webhook tells of before it is applied, or the webhook's proof alone (`proof`), for clusters that cannot reach their registry",
  ),
  HEADWIND_WEBHOOK_HINTS: z.stringbool().default(false).describe(
    "Whether webhooks that prove nothing are taken as hints, from anybody who reaches the port: looked up at the registry before anything is stored, and limited in number",
  ),
  HEADWIND_API_HOSTS: list(
    "Names that browsers reach the approval API and the dashboard by, besides addresses and the cluster's own names, separated by commas",
  ),
  HEADWIND_APPROVALS: z.enum(["strict", "open"]).default("strict").describe(
    "Whether who decides over the API has to be proven (`strict`), or anybody who reaches its port is believed (`open`)",
  ),
  HEADWIND_OIDC_ISSUER: z.string().refine(isSafeUrl, "an https URL is wanted").optional().describe(
    "OpenID issuer whose tokens prove who decides, as they write it in `iss`; not for one whose tokens the API server itself takes",
  ).meta(SHOWN),
  HEADWIND_OIDC_AUDIENCE: z.string().min(1).default("headwind").describe(
    "What `aud` of the issuer's tokens has to hold",
  ).meta(SHOWN),
  HEADWIND_OIDC_USERNAME_CLAIM: z.string().min(1).default("email").describe(
    "Claim with the user's name; where `email` is absent, `sub`, if there is a prefix",
  ).meta(SHOWN),
  HEADWIND_OIDC_GROUPS_CLAIM: z.string().min(1).default("groups").describe("Claim with the user's groups").meta(SHOWN),
  HEADWIND_OIDC_PREFIX: z.string().max(64).default("").describe(
    "What comes before the names of the issuer's users and groups; needed where people choose their names there",
  ).meta(SHOWN),
  HEADWIND_PROXY_SECRET: z.string().min(LEAST_SECRET, `at least ${LEAST_SECRET} characters are wanted`).optional()
    .describe(
      "What a proxy before the API shows in `X-Headwind-Proxy-Secret`, so that it is believed who calls",
    ).meta(SECRET),
  HEADWIND_PROXY_USER_HEADER: header("X-Forwarded-User", "the proxy names the user"),
  HEADWIND_PROXY_GROUPS_HEADER: header("X-Forwarded-Groups", "the proxy names the user's groups, separated by commas"),
  HEADWIND_UI_AUTH_MODE: z.enum(["none", "simple", "token", "proxy", "oidc"]).default("none").describe(
    "How the dashboard knows who looks: not at all (`none`), by the header `X-User` (`simple`) or `HEADWIND_UI_PROXY_HEADER` (`proxy`) of a trusted proxy, by a token of the cluster (`token`), or by signing in at `HEADWIND_OIDC_ISSUER` (`oidc`)",
  ),
  HEADWIND_UI_URL: z.string().transform((text) => text.replace(/\/$/, "")).refine(
    isOrigin,
    "an http or https URL without a path is wanted",
  )
    .optional().describe("Where browsers reach the dashboard, such as `https://headwind.example.com`").meta(SHOWN),
  HEADWIND_UI_PROXY_HEADER: header("X-Forwarded-User", "a proxy before the dashboard names the user"),
  HEADWIND_UI_TRUSTED_PROXIES: list(
    "Addresses, `10.0.0.7` or `10.0.0.0/24`, of proxies before the dashboard that are believed without `HEADWIND_PROXY_SECRET`: everybody who can ask from there is",
    (text) => parseRange(text) !== undefined,
    "addresses or ranges of them are wanted, such as 10.0.0.0/24",
  ),
  HEADWIND_UI_SESSION_KEYS_FILE: z.string().min(1).optional().describe(
    "File with one or two keys, a line each, that the dashboard's sessions are sealed with: the first seals, both open; read again when it changes. Without it sessions end with the process, and no other replica takes them",
  ).meta(SHOWN),
  HEADWIND_UI_INSECURE_COOKIES: z.stringbool().default(false).describe(
    "Whether the dashboard's session goes over plain http too, where anybody on the way can take it",
  ),
  HEADWIND_UI_OIDC_CLIENT_ID: z.string().min(1).optional().describe(
    "The dashboard's name at `HEADWIND_OIDC_ISSUER`, which has to know `HEADWIND_UI_URL` with `/login/callback` as where it leads back",
  ).meta(SHOWN),
  HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: z.string().min(1).optional().describe(
    "File with the client's secret; a public client has none",
  ).meta(SHOWN),
  HEADWIND_UI_OIDC_SCOPES: z.string().regex(
    /^[\x21\x23-\x5b\x5d-\x7e ]*$/,
    "names of scopes are wanted, with spaces between them",
  ).default(
    "openid profile email",
  ).describe("What the issuer is asked to tell; some tell groups only when asked for `groups`").meta(SHOWN),
  HEADWIND_UI_OIDC_GROUPS: list(
    "Groups that matter here, such as `team-*`, as the issuer names them: a session of the dashboard keeps no others; all if empty",
  ),
  HEADWIND_NAMESPACES: list(
    "Namespaces to watch, separated by commas; all if empty",
    (text) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text),
    "names of namespaces are wanted: lower-case letters, digits and hyphens",
  ),
  HEADWIND_CROSS_NAMESPACE: z.stringbool().default(false).describe(
    "Whether a HelmRelease may use a source of another namespace, where that allows it by `headwind.sh/allow-from`",
  ),
  HEADWIND_POLLING_INTERVAL: count(300, 1, 86400, "Seconds between polls, for workloads that do not say theirs"),
  HEADWIND_POLLING_MIN_INTERVAL: count(
    60,
    1,
    86400,
    "Least seconds between polls, whatever a workload or `HEADWIND_POLLING_INTERVAL` asks for",
  ),
  HEADWIND_HELM_AUTO_DISCOVERY: z.stringbool().default(true).describe(
    "Whether HelmReleases that do not say `headwind.sh/event-source` are polled for; else that means webhooks alone",
  ),
  HEADWIND_HELM_INDEX_LIMIT: count(200, 1, 2000, "Most MB that the index of a Helm repository may have"),
  HEADWIND_HELM_CLIENT_CERTIFICATES: z.stringbool().default(false).describe(
    "Whether client certificates in Secrets of Helm repositories are used; on Deno that needs `--allow-run` of Deno itself",
  ),
  HEADWIND_INSECURE_REGISTRIES: list(
    "Registries, `host` or `host:port`, that plain http is allowed for, and Helm repositories that logins may go to by it; loopback always is",
  ),
  HEADWIND_ALLOWED_ADDRESSES: list(
    "Addresses, `127.0.0.1` or `10.0.0.0/8`, that workloads may have asked though they are refused: link-local, metadata services, and in a pod loopback",
    (text) => parseRange(text) !== undefined,
    "addresses or ranges of them are wanted, such as 10.0.0.0/8",
  ),
  HEADWIND_REGISTRY_CA: z.string().min(1).optional().describe(
    "File with PEM certificates of authorities for registries",
  ).meta(SHOWN),
  HEADWIND_REGISTRY_CONCURRENCY: count(4, 1, 64, "Requests under way to one registry"),
  HEADWIND_RECONCILE_CONCURRENCY: count(
    16,
    1,
    256,
    "Workloads that are reconciled at the same time; namespaces take turns",
  ),
  HEADWIND_HEALTH_CHECK_INTERVAL: z.coerce.number().min(0.1).max(3600).default(10).describe(
    "Seconds between two readings of checks, and of a workload that fails, while an update is verified",
  ),
  HEADWIND_NOTIFICATION_TIMEOUT: count(
    60,
    1,
    3600,
    "Seconds that a notifier may take to deliver one notification, its tries together; one that is given up comes again later",
  ),
  HEADWIND_KEEP_FINISHED: count(10, 0, 1000, "Finished UpdateRequests kept per workload"),
  HEADWIND_LEASE_NAME: z.string().min(1).default("headwind").describe("Name of the Lease").meta(SHOWN),
  HEADWIND_LEASE_NAMESPACE: z.string().min(1).optional().describe(
    "Namespace of the Lease; the pod's own, or that of the kubeconfig's context, if absent",
  ).meta(SHOWN),
  HEADWIND_LEASE_DURATION: count(15, 3, 600, "Seconds without renewal after which another replica may take the Lease"),
  HEADWIND_REPLICA: z.string().min(1).optional().describe(
    "Name of this replica, another for each; `POD_NAME` or the host's name if absent. The Lease has it with `POD_UID`, or something random, after it",
  ).meta(SHOWN),
  HEADWIND_CONFIG_DIR: z.string().min(1).default("/etc/headwind/config").describe(
    "Folder with `config.yaml` of the ConfigMap `headwind-config`, which is read again when it changes",
  ).meta(SHOWN),
  HEADWIND_UI_CONFIG_DIR: z.string().min(1).default("/etc/headwind/ui").describe(
    "Folder with `config.yaml` of the ConfigMap `headwind-ui-config`, which is read again when it changes",
  ).meta(SHOWN),
  HEADWIND_PLUGINS_DIR: z.string().min(1).optional().describe("Folder with plugins of your own").meta(SHOWN),
  HEADWIND_DISABLED_PLUGINS: list("Plugins to leave out, such as `trigger/poller`, separated by commas"),
  HEADWIND_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info").describe("Least level that is logged"),
  HEADWIND_LOG_FORMAT: z.enum(["json", "pretty"]).default("json").describe("JSON lines, or lines for people"),
  HEADWIND_SERVICE_ACCOUNT_DIR: z.string().min(1).optional().describe(
    "Folder with the pod's token; `/var/run/secrets/kubernetes.io/serviceaccount` if absent",
  ).meta(SHOWN),
});

export type Config = z.infer<typeof coreSettings>;
