import { join } from "node:path";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import type { ChartSpec } from "../../scripts/testbed/charts/make_chart.ts";
import type { Cluster } from "../support/cluster.ts";
import { freePorts, type Operator, startOperator } from "../support/operator.ts";
import { type CrashPoint, type Proxy, proxyBefore } from "../support/proxy.ts";
import { untilAcknowledged, untilDecided, untilRolledBack, webhook } from "./calls.ts";
import type { KubeObject } from "./manifests.ts";
import { createNamespace } from "../support/test_namespace.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./webhook_receiver.ts";
import type { Scenario, World } from "./scenario.ts";
import { eventually } from "./suite.ts";
import { summarize } from "./summary.ts";

const secret = "a-secret-of-the-tests";

/** A namespace, a proxy and an operator that comes back when it is killed, for one world after the other. */
export interface ScenarioRunner {
  namespace: string;
  proxy: Proxy;
  /** Has the operator run with the scenario's settings. */
  use(scenario: Scenario): Promise<void>;
  /** A new world, with the scenario's workloads in it and known to the operator. */
  begin(scenario: Scenario): Promise<World>;
  /** Removes what the last world left. */
  clear(): Promise<void>;
  killAt(point: Omit<CrashPoint, "kill">): { reached(): boolean };
  /** Resolves when the operator that was killed last is back. */
  back(): Promise<void>;
  /** What the operators of this world wrote. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

let worlds = 0;

/** Where charts are published, for scenarios that have some. */
export interface ChartPublisher {
  url: string;
  publish(chart: ChartSpec): Promise<void>;
}

export async function openRunner(
  cluster: Cluster,
  registry: Registry,
  charts?: ChartPublisher,
): Promise<ScenarioRunner> {
  const ns = await createNamespace(cluster, "crash");
  const { namespace } = ns;
  const proxy = await proxyBefore(cluster.kubeconfig, join(cluster.dir, `${namespace}.kubeconfig`));
  const ports = await freePorts();
  const receiver: WebhookReceiver = await startWebhookReceiver();
  let operator: Operator | undefined;
  let settings = "";
  let start = () => Promise.resolve();
  let coming = Promise.resolve();
  let written = "";
  let made: KubeObject[] = [];
  const url = (port: number) => `http://127.0.0.1:${port}`;

  async function end(): Promise<void> {
    if (!operator) return;
    written += await operator.logs();
    await operator.end();
    operator = undefined;
  }

  function world(scenario: Scenario): World {
    const prefix = `w${++worlds}-`;
    const token = scenario.trusted === false ? {} : { token: secret };
    const repository = (short: string) => `${namespace}/${prefix}${short}`;
    const plain = (text: string) =>
      text.replaceAll(`${registry.host}/${namespace}/`, "").replaceAll(prefix, "").replace(/-[0-9a-f]{10}$/, "");
    const requests = async () => (await ns.requests()).filter(({ metadata }) => metadata.name.startsWith(prefix));
    const request = async (name: string) => (await requests()).find(({ metadata }) => plain(metadata.name) === name);
    const state = () => requests().then((all) => all.map(({ metadata, status }) => [metadata.name, status]));
    const mine: World = {
      receiver,
      name: (short) => prefix + short,
      image: (short, tag) => `${registry.host}/${repository(short)}:${tag}`,
      push: (short, tag, options) => pushImage(registry.host, repository(short), tag, options),
      charts: {
        url: charts?.url ?? "",
        publish: (short, version) => charts!.publish({ name: prefix + short, version }),
      },
      async tell(short, tag) {
        const image = `${registry.host}/${repository(short)}`;
        await untilAcknowledged(url(ports.webhook), { image, tag }, token);
      },
      async decide(name, decision) {
        const found = await eventually(`there is a request ${name}`, () => request(name), { last: state });
        await untilDecided(url(ports.api), `${namespace}/${found.metadata.name}`, decision);
      },
      async edit(name, image) {
        const spec = { template: { spec: { containers: [{ name: "app", image }] } } };
        await ns.change("Deployment", prefix + name, { spec });
      },
      rollBack: (name, image) => untilRolledBack(url(ports.api), `${namespace}/${prefix}${name}/app`, image),
      async phase(name, phase) {
        const reached = async () => {
          const found = await request(name);
          return found?.status?.phase === phase && found;
        };
        return await eventually(`${name} is ${phase}`, reached, { last: state });
      },
      deliveries: () => receiver.deliveries.filter(({ body }) => JSON.stringify(body).includes(prefix)),
      async summary() {
        const workloads = (await ns.workloads()).filter(({ metadata }) =>
          metadata.name.startsWith(prefix) && !isOfHelm(metadata)
        );
        const summary = summarize(workloads, await requests(), plain);
        return { ...summary, ...await scenario.summary?.(mine) };
      },
    };
    return mine;
  }

  /** Waits until the operator's index has all containers that use an image: its own version is told of until they match. */
  async function known(reference: string, containers: number, scenario: Scenario): Promise<void> {
    const token = scenario.trusted === false ? {} : { token: secret };
    const [, image, tag] = /^(.*):([^:]+)$/.exec(reference)!;
    await eventually(`the operator knows ${containers} of ${reference}`, async () => {
      const { body } = await webhook(url(ports.webhook), { image, tag }, token);
      return body.matched >= containers;
    });
  }

  return {
    namespace,
    proxy,
    async use(scenario) {
      const trusted = scenario.trusted ?? true;
      const env = { ...scenario.env?.({ receiver }), ...(trusted ? {} : { HEADWIND_WEBHOOK_HINTS: "true" }) };
      const wanted = JSON.stringify([env, trusted]);
      if (wanted === settings && operator?.ended() === undefined) return;
      await end();
      settings = wanted;
      start = async () => {
        operator = await startOperator({
          kubeconfig: proxy.kubeconfig,
          namespaces: [namespace],
          ports,
          env,
          ...(trusted ? { secret } : {}),
        });
        await operator.ready();
      };
      await start();
    },
    async begin(scenario) {
      written = "";
      const next = world(scenario);
      await scenario.prepare?.(next);
      made = [];
      for (const object of scenario.workloads(next)) {
        made.push(object);
        await ns.create(object);
      }
      const images = made.flatMap(imagesWritten);
      for (const image of new Set(images)) {
        await known(image, images.filter((one) => one === image).length, scenario);
      }
      return next;
    },
    async clear() {
      const { kube } = ns;
      await kube.request("DELETE", `/apis/headwind.sh/v1alpha1/namespaces/${namespace}/updaterequests`);
      for (const object of made) await ns.remove(object);
    },
    killAt: (point) =>
      proxy.killAt({
        ...point,
        kill() {
          operator!.kill();
          coming = (async () => {
            await end();
            await start();
          })();
          coming.catch(() => {});
        },
      }),
    back: () => coming,
    logs: async () => written + (await operator?.logs() ?? ""),
    async stop() {
      await coming.catch(() => {});
      await end();
      await Promise.all([proxy.stop(), receiver.stop()]);
      ns.close();
    },
  };
}

const isOfHelm = ({ labels }: KubeObject["metadata"]) =>
  (labels as Record<string, string> | undefined)?.["app.kubernetes.io/managed-by"] === "Helm";

function imagesWritten(object: KubeObject): string[] {
  return [...JSON.stringify(object).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image!);
}
