import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, settles } from "../conformance/checks.ts";
import { type Hang, type Hanging, hangs, startHanging } from "../../scripts/testbed/hanging.ts";
import { sampleEvent } from "../conformance/events.ts";
import { hosted } from "../conformance/hosted.ts";
import type { NotifierPlugin, Plugin } from "../../core/plugin.ts";
import { askedCheck } from "./checks/asked.ts";
import http from "../../plugins/checks/http.ts";
import promql from "../../plugins/checks/promql.ts";
import webhook from "../../plugins/notifiers/webhook.ts";

const s = suite("plugins and servers that hang in each way");
const longest = 14_000;
/** A head alone says whether a webhook was taken in, and whether a page is there. */
const withHead: Hang[] = ["head", "half body", "trickle", "open"];

/** Does the same with a server for each way; they all run at once. Nothing of it may be left open. */
async function each<T>(work: (server: Hanging) => Promise<T>): Promise<Record<string, T>> {
  const results = await Promise.all(hangs.map(async (hang) => {
    const server = await startHanging(hang);
    const result = work(server);
    assert.ok(await settles(result, longest), `${hang}: it does not end`);
    const value = await result;
    await eventually(`${hang}: the connection is closed`, () => server.open() === 0);
    await server.stop();
    return [hang, value] as const;
  }));
  return Object.fromEntries(results);
}

const expected = <T>(good: T, bad: T) =>
  Object.fromEntries(hangs.map((hang) => [hang, withHead.includes(hang) ? good : bad]));

s("a webhook is delivered, or fails in its time", async () => {
  const delivered = await each(async ({ url }) => {
    const env = { WEBHOOK_ENABLED: "true", WEBHOOK_URL: url, WEBHOOK_TIMEOUT: "1", WEBHOOK_MAX_RETRIES: "0" };
    const host = hosted(webhook as Plugin, env);
    const delivery = (webhook as NotifierPlugin).deliver(sampleEvent(), host.context, new AbortController().signal);
    return await delivery.then(() => true, () => false).finally(host.close);
  });
  assert.equal(delivered, expected(true, false));
});

s("check-http reads, or fails in its time", async () => {
  const states = await each(async ({ url }) => {
    const check = askedCheck(http, { env: { HEADWIND_CHECK_HTTP_HOSTS: "127.0.0.1" } });
    const reading = await check.read({ "check-http": url, "check-http-timeout": "1" }).finally(check.close);
    return reading.state;
  });
  assert.equal(states, expected("ok", "failing"));
});

s("check-promql has no answer in its time", async () => {
  const states = await each(async ({ url }) => {
    const check = askedCheck(promql, { env: { HEADWIND_PROMETHEUS_URL: url } });
    const annotations = { "check-promql": 'up{namespace="shop"}', "check-promql-min": "1" };
    return (await check.read(annotations).finally(check.close)).state;
  });
  for (const [hang, state] of Object.entries(states)) assert.is.not(state, "ok", hang);
});

s.run();
