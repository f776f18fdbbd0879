import type { Config } from "./setting_schema.ts";
import { isLoopback } from "../registry/plain_http.ts";

/** What the ways by which the dashboard knows people lack, a line each. */
export function identityFaults(config: Config): string[] {
  const mode = config.HEADWIND_UI_AUTH_MODE;
  const wanted = (name: keyof Config) => `${name}: is wanted, because HEADWIND_UI_AUTH_MODE is ${mode}`;
  const faults: string[] = [];
  if (mode === "simple" || mode === "proxy") {
    if (config.HEADWIND_PROXY_SECRET === undefined && config.HEADWIND_UI_TRUSTED_PROXIES.length === 0) {
      faults.push(
        `HEADWIND_UI_AUTH_MODE: ${mode} believes a header, so it takes HEADWIND_PROXY_SECRET, which the proxy shows, or ` +
          "HEADWIND_UI_TRUSTED_PROXIES, the addresses that it asks from",
      );
    }
  }
  if (mode === "oidc") {
    for (const name of ["HEADWIND_OIDC_ISSUER", "HEADWIND_UI_OIDC_CLIENT_ID", "HEADWIND_UI_URL"] as const) {
      if (config[name] === undefined) faults.push(wanted(name));
    }
    if (!config.HEADWIND_UI_OIDC_SCOPES.split(" ").includes("openid")) {
      faults.push("HEADWIND_UI_OIDC_SCOPES: openid is wanted among them");
    }
  }
  if (keepsSessions(config) && isPlain(config.HEADWIND_UI_URL) && !config.HEADWIND_UI_INSECURE_COOKIES) {
    faults.push(
      "HEADWIND_UI_INSECURE_COOKIES: true is wanted, because HEADWIND_UI_URL is plain http, where browsers keep no " +
        "session otherwise",
    );
  }
  return faults;
}

/** What everybody should know who runs it so, a line each. */
export function identityWarnings(config: Config): string[] {
  const mode = config.HEADWIND_UI_AUTH_MODE;
  const warnings: string[] = [];
  if (mode === "none" && config.HEADWIND_APPROVALS === "open") {
    warnings.push(
      "HEADWIND_UI_AUTH_MODE=none with HEADWIND_APPROVALS=open: whoever reaches the dashboard's port decides, and nobody " +
        "knows who it was",
    );
  }
  if (keepsSessions(config) && config.HEADWIND_UI_SESSION_KEYS_FILE === undefined) {
    warnings.push(
      "HEADWIND_UI_SESSION_KEYS_FILE is not set: sessions of the dashboard end with this process, and with two replicas " +
        "people have to sign in again and again",
    );
  }
  if (keepsSessions(config) && config.HEADWIND_UI_INSECURE_COOKIES) {
    warnings.push(
      "HEADWIND_UI_INSECURE_COOKIES=true: sessions of the dashboard go over plain http, for anybody to take",
    );
  }
  return warnings;
}

/** Whether people sign in at the dashboard itself. */
const keepsSessions = ({ HEADWIND_UI_AUTH_MODE: mode }: Config): boolean => mode === "token" || mode === "oidc";

/** Browsers take loopback for as safe as https. */
function isPlain(origin: string | undefined): boolean {
  const url = origin === undefined ? null : URL.parse(origin);
  return url?.protocol === "http:" && !isLoopback(url.host);
}
