import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Cluster } from "../support/cluster.ts";
import { inClusterEnv } from "../support/cluster.ts";
import { guardApprovals, vouchForPeople } from "../support/guarded.ts";
import { freePorts, type Operator, type Ports } from "../support/operator.ts";
import { type Person, person } from "../support/people.ts";
import { type Fixture, openFixture } from "../e2e/fixture.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { openWorkloads, type TestWorkloads } from "../e2e/test_workloads.ts";
import { launch, type Visit, visit, type Visitor } from "./visitor.ts";

/** Who comes by: what each may do in the namespace. */
const PEOPLE = {
  /** Decides, holds, rolls back. */
  ann: ["headwind-approver", "edit"],
  /** The same. */
  bob: ["headwind-approver", "edit"],
  /** Changes workloads, and decides nothing. */
  eve: ["edit"],
  /** Looks. */
  vic: ["view"],
} as const;

export type Name = keyof typeof PEOPLE;

/** Two replicas with their dashboard, on a control plane of one's own with the rights and the policy of `deploy/`. */
export interface Dashboard {
  cluster: Cluster;
  fixture: Fixture;
  ns: TestNamespace;
  operators: [Operator, Operator];
  /** The first of them that was not ended. */
  running(): Operator;
  workloads: TestWorkloads;
  people: Record<Name, Person>;
  browser: Browser;
  /** Somebody before a browser; of the first replica, unless it is said. */
  as(name: Name | "nobody", options?: Partial<Visit>): Promise<Visitor>;
  /** Starts a replica again, on its ports. */
  restart(index: 0 | 1): Promise<void>;
  /** All visitors close their browsers. */
  leave(): Promise<void>;
  /** Throws where a visitor met a problem; forgets it then. */
  requireQuiet(): void;
  stop(): Promise<void>;
}

export interface DashboardOptions {
  name: string;
  /** More variables of both replicas, which will be there. */
  env?(urls: [string, string], dir: string): Promise<Record<string, string>>;
}

export async function openDashboard({ name, env }: DashboardOptions): Promise<Dashboard> {
  const [fixture, browser] = await Promise.all([openFixture(name, { own: true }), launch()]);
  const { cluster } = fixture;
  const visitors: Visitor[] = [];
  try {
    await Promise.all([guardApprovals(cluster), vouchForPeople(cluster)]);
    const ns = await fixture.namespace();
    const people = Object.fromEntries(
      await Promise.all(Object.keys(PEOPLE).map(async (who) => [who, await invite(cluster, ns, who as Name)])),
    ) as Record<Name, Person>;
    const keys = join(cluster.dir, "session-keys");
    await writeFile(keys, "of-the-tests-".repeat(4));
    const account = await inClusterEnv(cluster, "headwind-system", "headwind");
    const ports = await Promise.all([freePorts(), freePorts()]);
    const urls = ports.map(({ ui }) => `http://127.0.0.1:${ui}`) as [string, string];
    const own = await env?.(urls, cluster.dir) ?? {};
    const start = (replica: string, ports: Ports) =>
      fixture.operator(ns, {
        kubeconfig: "",
        replica,
        ports,
        env: {
          HEADWIND_APPROVALS: "strict",
          HEADWIND_UI_AUTH_MODE: "token",
          HEADWIND_UI_SESSION_KEYS_FILE: keys,
          ...account,
          ...own,
        },
      });
    const operators = await Promise.all(ports.map((own, index) => start(`replica-${index}`, own))) as [
      Operator,
      Operator,
    ];
    const running = () => operators[0].ended() === undefined ? operators[0] : operators[1];
    const dashboard: Dashboard = {
      cluster,
      fixture,
      ns,
      operators,
      running,
      workloads: openWorkloads(ns, running),
      people,
      browser,
      async as(who, options = {}) {
        const signed = who === "nobody" ? {} : { extraHTTPHeaders: { authorization: `Bearer ${people[who].token}` } };
        const visitor = await visit(browser, { url: operators[0].ui, ...signed, ...options });
        visitors.push(visitor);
        return visitor;
      },
      async restart(index) {
        const old = operators[index];
        await old.end();
        operators[index] = await start(`replica-${index}`, old.ports);
      },
      async leave() {
        for (const visitor of visitors.splice(0)) await visitor.close();
      },
      requireQuiet() {
        const problems = visitors.flatMap((visitor) => visitor.problems.splice(0));
        if (problems.length > 0) throw new Error(problems.join("\n"));
      },
      async stop() {
        await browser.close();
        for (const { close } of Object.values(people)) close();
        await fixture.stop();
      },
    };
    return dashboard;
  } catch (error) {
    await Promise.all([browser.close(), fixture.stop()]);
    throw error;
  }
}

async function invite(cluster: Cluster, { namespace }: TestNamespace, name: Name): Promise<Person> {
  const [first, ...more] = PEOPLE[name];
  const invited = await person(cluster, namespace, name, first);
  for (const role of more) {
    await cluster.kubectl([
      ...["create", "rolebinding", `${name}-${role}`, "-n", namespace],
      ...[`--clusterrole=${role}`, `--serviceaccount=${namespace}:${name}`],
    ]);
  }
  return invited;
}

/** What a page shows as text, on one line. */
export const textOf = async (page: Page, selector = "main"): Promise<string> =>
  (await page.locator(selector).innerText()).replace(/\s+/g, " ");
