import * as assert from "uvu/assert";
import type { Check, Checks } from "./checks.ts";
import { assertForm, assertGrammar, inShort } from "./sighting.ts";
import { bodiesLike } from "./bodies.ts";
import * as fc from "fast-check";
import { pluginChecks } from "./plugin.ts";
import { type Call, readOnce } from "./reading.ts";
import { runChecks, type RunFixtures } from "./trigger_run.ts";
import type { TriggerPlugin, WebhookReading } from "../../core/plugin.ts";

export interface GoodBody extends Call {
  /**
   * The versions that it tells of, in any order: `docker.io/library/nginx:1.27`, with `@sha256:…` where the body has a digest,
   * `chart ` in front of a chart. Empty: all of it is left out, and a sentence says why.
   */
  says: string[];
}

export interface BadBody extends Call {
  /** The field that the refusal names, such as `repository.repo_name`. */
  field: string;
}

export interface TriggerFixtures {
  /** Calls that the webhook understands, by a name of the test. Wanted, as `bad`, where the plugin has a webhook. */
  good?: Record<string, GoodBody>;
  /** Calls that it refuses. */
  bad?: Record<string, BadBody>;
  /** What its loop is given; wanted where it has one. */
  run?: RunFixtures;
}

const neverBodies = { null: null, true: true, "a number": 1, "a text": "text", "an empty object": {} };

/** What a trigger has to do. */
export function triggerChecks(plugin: TriggerPlugin, fixtures: TriggerFixtures): Checks {
  return {
    checks: [
      ...pluginChecks(plugin),
      ...(plugin.webhook ? webhookChecks(plugin, fixtures) : []),
      ...(plugin.run ? runChecks(plugin, fixtures.run) : []),
    ],
  };
}

function webhookChecks(plugin: TriggerPlugin, { good = {}, bad = {} }: TriggerFixtures): Check[] {
  const never = Object.entries(neverBodies).map(([name, body]) => [name, { body }] as const);
  return [
    {
      name: "there are bodies to try it with",
      run() {
        assert.ok(Object.keys(good).length > 0, "fixtures.good is empty");
        assert.ok(Object.keys(bad).length > 0, "fixtures.bad is empty");
      },
    },
    ...Object.entries(good).map(([name, call]) => ({
      name: `understands ${name}`,
      run: () => understands(plugin, call),
    })),
    ...Object.entries(good).map(([name, call]) => ({
      name: `reads ${name} twice the same`,
      run: () => isPure(plugin, call),
    })),
    ...Object.entries(bad).map(([name, call]) => ({
      name: `refuses ${name}`,
      run() {
        assert.is(refusal(plugin, call), call.field, "the field that the refusal names");
      },
    })),
    ...never.map(([name, call]) => ({ name: `refuses ${name} as a body`, run: () => void refusal(plugin, call) })),
    {
      name: "any JSON is understood or refused",
      run() {
        const calls = fc.oneof(fc.jsonValue().map((body): Call => ({ body })), bodiesLike(Object.values(good)));
        fc.assert(
          fc.property(calls, (call) => {
            const outcome = readOnce(plugin, call);
            if (!outcome.refused) assertReading(outcome.reading);
          }),
          { numRuns: 500 },
        );
      },
    },
  ];
}

function understands(plugin: TriggerPlugin, call: GoodBody): void {
  const outcome = readOnce(plugin, call);
  if (outcome.refused) throw new Error(`refused: ${outcome.field}: ${outcome.message}`);
  const { sightings, ignored } = outcome.reading;
  assertReading(outcome.reading);
  for (const sighting of sightings) {
    assertGrammar(sighting);
    assert.is(sighting.via, "webhook");
    assert.ok(sighting.versions.length > 0, "a sighting without a version");
  }
  assert.equal(sightings.flatMap(inShort).sort(), [...call.says].sort());
  if (sightings.length === 0) assert.ok(ignored.length > 0, "nothing is told of, and nothing says why");
}

function isPure(plugin: TriggerPlugin, call: GoodBody): void {
  assert.equal(readOnce(plugin, call), readOnce(plugin, call));
}

function refusal(plugin: TriggerPlugin, call: Call): string {
  const outcome = readOnce(plugin, call);
  if (!outcome.refused) throw new Error(`it was understood: ${JSON.stringify(outcome.reading)}`);
  assert.match(outcome.field, /^\S+$/);
  assert.match(outcome.message, /\S+ \S+/);
  return outcome.field;
}

function assertReading({ sightings, ignored }: WebhookReading): void {
  assert.ok(Array.isArray(sightings), "sightings is a list");
  assert.ok(Array.isArray(ignored), "ignored is a list");
  sightings.forEach(assertForm);
  for (const sentence of ignored) assert.type(sentence, "string");
}
