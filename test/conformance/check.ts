import * as z from "zod";
import * as assert from "uvu/assert";
import { annotationFaults } from "../../core/host/plugin_faults.ts";
import { type Annotations, type Asked, asked, prefixed, requestUnstored, type Surroundings } from "./check_asked.ts";
import { type Check, type Checks, eventually, settles, within } from "./checks.ts";
import type { CheckAccess, CheckPlugin, CheckReading, CheckSubject } from "../../core/plugin.ts";
import type { Fetch } from "../../core/runtime/fetch.ts";
import { KubeError } from "../../core/kube/kube_error.ts";
import { pluginChecks } from "./plugin.ts";
import { PREFIX } from "../../core/workloads/annotations.ts";
import { readCheckAnnotations } from "../../core/health/check_annotations.ts";

export interface CheckFixtures extends Surroundings {
  /** What it says of a new update, by a name of the test: one that is `ok` and one that is `failing` at least. */
  readings: Record<string, { annotations: Annotations; says: CheckReading["state"] }>;
  /** Annotations that cannot be read, by a name of the test, and the one that is then named. */
  unreadable: Record<string, { annotations: Annotations; names: string }>;
  /** Keeps what it asks from answering, while connections stay open, or lets it answer again. */
  silence(on: boolean): void | Promise<void>;
  /** How many things were started for an update. Wanted where the check starts any. */
  started?(updateRequest: CheckSubject["updateRequest"]): Promise<number>;
  /** Seconds in which it says what it is to say. Default 10. */
  patience?: number;
}

/** What a check has to do. */
export function checkChecks(plugin: CheckPlugin, fixtures: CheckFixtures): Checks {
  return {
    checks: [
      ...pluginChecks(plugin),
      ...annotationChecks(plugin, fixtures),
      ...readingChecks(plugin, fixtures),
      ...faultChecks(plugin, fixtures),
    ],
  };
}

function annotationChecks(plugin: CheckPlugin, { readings, unreadable }: CheckFixtures): Check[] {
  const shape = () => Object.entries(plugin.annotations(z).shape);
  const mistakesIn = (annotations: Annotations) =>
    readCheckAnnotations([plugin]).asked(prefixed(annotations))
      .flatMap((one) => "mistakes" in one ? one.mistakes : []);
  const own = (annotation: string) => shape().some(([name]) => PREFIX + name === annotation);
  return [
    {
      name: "its annotations are documented, and all but the first may be left out",
      run() {
        for (const [index, [name, schema]] of shape().entries()) {
          assert.ok(schema.description, `${name}: .describe() is wanted, as the last call`);
          assert.ok(index === 0 || schema.safeParse(undefined).success, `${name} is required`);
        }
      },
    },
    {
      name: "its annotations are nobody else's, and the same each time",
      run() {
        assert.equal(annotationFaults(plugin, []), []);
        assert.equal(shape().map(([name]) => name), shape().map(([name]) => name));
      },
    },
    {
      name: "there are annotations to try it with",
      run() {
        const says = Object.values(readings).map((one) => one.says);
        for (const state of ["ok", "failing"] as const) assert.ok(says.includes(state), `fixtures.readings: ${state}`);
        assert.ok(Object.keys(unreadable).length > 0, "fixtures.unreadable is empty");
        for (const { annotations } of Object.values(readings)) assert.equal(mistakesIn(annotations), []);
      },
    },
    ...Object.entries(unreadable).map(([name, { annotations, names }]) => ({
      name: `annotations are refused by name, and their values not told: ${name}`,
      run() {
        const mistakes = mistakesIn(annotations);
        assert.ok(mistakes.some(({ annotation }) => annotation === PREFIX + names), JSON.stringify(mistakes));
        for (const { message } of mistakes) {
          for (const value of Object.values(annotations)) {
            assert.not.ok(value.length > 3 && message.includes(value), message);
          }
        }
      },
    })),
    {
      name: "nonsense in its annotations is refused by name, if at all",
      run() {
        const sound = Object.values(readings)[0]?.annotations;
        for (const nonsense of ["", " ", "?", "-1", "1e99", "https://", "\u0000", "x".repeat(10_000)]) {
          for (const [name] of shape()) {
            const mistakes = mistakesIn({ ...sound, [name]: nonsense });
            for (const { annotation } of mistakes) assert.ok(own(annotation), `a mistake in ${annotation}`);
          }
        }
      },
    },
  ];
}

function readingChecks(plugin: CheckPlugin, fixtures: CheckFixtures): Check[] {
  const { readings, patience, started } = fixtures;
  return [
    ...Object.entries(readings).map(([name, { annotations, says }]) => ({
      name: `says ${says} of ${name}`,
      run: () =>
        using(plugin, fixtures, async ({ read }, request) => {
          let last: CheckReading | undefined;
          const said = async () => (last = await read(request, annotations)).state === says;
          await eventually(says, said, patience).catch((error: Error) => {
            throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
          });
          if (says === "ok") assert.equal(await read(request, annotations), last, "asked again it says the same");
        }),
    })),
    {
      name: "what it starts for an update it starts once, whoever asks and how often",
      run: () =>
        using(plugin, fixtures, async (one, request) => {
          const { annotations } = okOf(fixtures);
          const others = [asked(plugin, fixtures), asked(plugin, fixtures)];
          for (let times = 0; times < 2; times++) {
            await Promise.all([one, ...others].map(({ read }) => read(request, annotations)));
          }
          for (const { close } of others) close();
          if (started) assert.is(await started(request), 1);
        }),
    },
    {
      name: "what it starts for another update is another",
      run: () =>
        using(plugin, fixtures, async ({ read }, request) => {
          const other = await requestOf(fixtures);
          for (const each of [request, other]) await read(each, okOf(fixtures).annotations);
          if (!started) return assert.is(await created(plugin, fixtures), 0, "fixtures.started is wanted");
          assert.equal([await started(request), await started(other)], [1, 1]);
        }),
    },
  ];
}

function faultChecks(plugin: CheckPlugin, fixtures: CheckFixtures): Check[] {
  const { annotations } = okOf(fixtures);
  const silent = (work: (one: Asked, request: CheckSubject["updateRequest"]) => Promise<void>) => () =>
    using(plugin, fixtures, async (one, request) => {
      await fixtures.silence(true);
      await work(one, request).finally(() => fixtures.silence(false));
    });
  return [
    {
      name: "its signal ends it",
      run: silent(async ({ read }, request) => {
        const stop = new AbortController();
        const reading = read(request, annotations, stop.signal);
        assert.not(await settles(reading, 200), "fixtures.silence does not keep it waiting");
        stop.abort(new Error("the operator stops"));
        assert.ok(await settles(reading, 2_000), "2 s later it still waits");
      }),
    },
    {
      name: "a signal that was aborted before ends it at once",
      run: silent(async ({ read }, request) => {
        const reading = read(request, annotations, AbortSignal.abort(new Error("the operator stops")));
        assert.ok(await settles(reading, 2_000), "2 s later it still waits");
      }),
    },
    {
      name: "core gives it up where nothing answers, and that is failing",
      run: silent(async ({ readByCore }, request) => {
        const { state, message } = await within(5, readByCore(request, annotations, 300));
        assert.equal({ state, message }, { state: "failing", message: "no answer in 0.3 s" });
      }),
    },
    {
      name: "whatever it is refused with, that is a reading, and tells no secret",
      async run() {
        const errors = [500, 403, 409, 422, 0].map((status) =>
          new KubeError(status, "", `refused with ${status}`, { said: "refused" })
        );
        for (const error of errors) {
          const refuse = () => Promise.reject(error);
          // as the runtimes' own errors, which tell the whole URL
          const fetch: Fetch = (url) => Promise.reject(new TypeError(`error sending request for url (${url})`));
          const access = () => ({ get: refuse, create: refuse });
          const one = asked(plugin, { ...fixtures, access }, fetch);
          const { state } = await one.readByCore(requestUnstored(), annotations);
          assert.is.not(state, "ok");
          one.close();
        }
      },
    },
  ];
}

async function using(
  plugin: CheckPlugin,
  fixtures: CheckFixtures,
  work: (one: Asked, request: CheckSubject["updateRequest"]) => Promise<void>,
): Promise<void> {
  const one = asked(plugin, fixtures);
  try {
    await work(one, await requestOf(fixtures));
  } finally {
    one.close();
  }
}

const requestOf = async ({ updateRequest }: CheckFixtures) => await updateRequest?.() ?? requestUnstored();

function okOf({ readings }: CheckFixtures): { annotations: Annotations } {
  return Object.values(readings).find(({ says }) => says === "ok") ?? { annotations: {} };
}

/** How many objects it wants to create for an update. */
async function created(plugin: CheckPlugin, fixtures: CheckFixtures): Promise<number> {
  let count = 0;
  const access = (signal: AbortSignal): CheckAccess => {
    const own = fixtures.access?.(signal);
    return { get: (path) => own?.get(path) ?? Promise.resolve(undefined), create: () => Promise.resolve(void count++) };
  };
  const one = asked(plugin, { ...fixtures, access });
  await one.read(await requestOf(fixtures), okOf(fixtures).annotations).finally(one.close);
  return count;
}
