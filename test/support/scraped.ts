import type { Backend } from "../conformance/metrics.ts";
import { eventually } from "../conformance/checks.ts";
import { listening } from "./listening.ts";
import type { Prometheus, PrometheusOptions } from "../../scripts/testbed/prometheus.ts";

/** A real Prometheus, or its like, that scrapes these numbers and has done so at least once. */
export async function scraped(
  start: (options: PrometheusOptions) => Promise<Prometheus>,
  expositions: readonly (() => Promise<string>)[],
): Promise<Backend & { url: string; stop(): Promise<void> }> {
  const targets = await Promise.all(expositions.map((exposition) =>
    listening(async (_, answer) => {
      answer.setHeader("content-type", "text/plain");
      answer.end(await exposition());
    })
  ));
  const server = await start({
    targets: targets.map(({ host }) => host),
    progress: (line) => console.error(line),
  });
  await eventually("all is scraped", async () => {
    const answer = await fetch(`${server.url}/api/v1/query?query=count(headwind_updates_pending)`);
    const { data } = await answer.json() as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1] === String(targets.length);
  });
  return {
    url: server.url,
    place: { url: server.url },
    async stop() {
      await server.stop();
      for (const target of targets) target.stop();
    },
  };
}
