import createDashboard from "../../../../ui/web/app.ts";
import { BadRequest } from "../../../../core/server/http_errors.ts";
import { createCallers } from "../../../../core/server/callers.ts";
import type { DashboardContext } from "../../../../core/web.ts";
import { dashboardContext, type DashboardContextChanges } from "../../../support/build/dashboard_context.ts";
import type { KubeClient } from "../../../../core/kube/client.ts";
import type { ResourceAttributes } from "../../../../core/kube/access.ts";
import { browserOf, type Cookies } from "./browser.ts";

export interface Opened {
  context: ReturnType<typeof dashboardContext>;
  /** Asks for a path as `from`, with what the browser keeps, and has it keep what the answer says. */
  get(path: string, headers?: Record<string, string>, from?: string): Promise<Response>;
  /** Sends a form as one of its own pages does. */
  post(path: string, form: Record<string, string>, headers?: Record<string, string>, from?: string): Promise<Response>;
  browser: Cookies;
  /** What the API server was asked. */
  asked: string[];
}

export interface OpenedOptions extends DashboardContextChanges {
  /** Who has which token; one that is taken out is known no more. */
  tokens?: Map<string, string>;
  /** What somebody may. */
  may?(user: string, right: ResourceAttributes): boolean;
  change?(context: DashboardContext): DashboardContext;
}

/** A dashboard whose API server knows these tokens, and a browser before it. */
export async function opened(
  { tokens = new Map(), may = () => true, change = (context) => context, ...changes }: OpenedOptions = {},
): Promise<Opened> {
  const context = dashboardContext(changes);
  const asked: string[] = [];
  const judge = async (user: string, right: ResourceAttributes) => {
    asked.push(`${user} ${right.verb} ${right.resource} ${right.namespace}`);
    return may(user, right);
  };
  const callers = createCallers({
    open: changes.open ?? false,
    async holderOf(token) {
      asked.push("whose token");
      const user = tokens.get(token);
      if (user === undefined) {
        throw new BadRequest("the API server does not take the token: Unauthorized", "Authorization", 401);
      }
      const request = async (_method: string, _path: string, { body }: { body?: unknown } = {}) => {
        const { resourceAttributes } = (body as { spec: { resourceAttributes: ResourceAttributes } }).spec;
        return { status: { allowed: await judge(user, resourceAttributes) } };
      };
      return { user, groups: ["system:authenticated"], client: { request } as unknown as KubeClient };
    },
    mayDo: ({ user }, right) => judge(user, right),
  });
  const dashboard = await createDashboard(change({ ...context, callers }));
  const browser = browserOf();
  const send = async (path: string, init: RequestInit, headers: Record<string, string>, from: string) => {
    const all = browser.headers({ host: "localhost:8082", ...headers });
    for (const [name, value] of Object.entries(headers)) if (value === "") all.delete(name);
    const response = await dashboard.fetch(new Request(`http://localhost${path}`, { ...init, headers: all }), {
      address: from,
    });
    browser.take(response);
    return response;
  };
  return {
    context,
    browser,
    asked,
    get: (path, headers = {}, from = "10.9.9.9") => send(path, {}, headers, from),
    post: (path, form, headers = {}, from = "10.9.9.9") =>
      send(
        path,
        { method: "POST", body: new URLSearchParams(form).toString() },
        { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", ...headers },
        from,
      ),
  };
}
