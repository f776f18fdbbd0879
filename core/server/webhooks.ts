import * as z from "zod";
import { BadRequest, errorAnswer, notFound, retryLater } from "./http_errors.ts";
import { type Health, healthRoutes } from "./health_routes.ts";
import { addRoutes } from "./route.ts";
import { Hono } from "hono";
import type { Peer } from "../runtime/serve.ts";
import { MAX_REASONS } from "../intake/proposed_updates.ts";
import type { Log, Sighting, SightingResult, TriggerPlugin, WebhookReading } from "../plugin.ts";
import { parseJson } from "./request_body.ts";
import { createLogThrottle } from "../telemetry/log.ts";
import { span } from "../telemetry/trace.ts";
import { verifyCall, type WebhookSecrets } from "./webhook_proof.ts";
import { isDigest, isTag, parseRepository, references } from "../versions/reference.ts";
import { createRateLimit } from "../lib/rate_limit.ts";
import { TooManyRequests } from "../lib/retryable.ts";

export type WebhookOutcome = "stored" | "ignored" | "refused" | "unauthorized" | "limited" | "unavailable";

export interface WebhookOptions {
  triggers: readonly TriggerPlugin[];
  /** Where there are none, calls are refused, or hints. */
  secrets: WebhookSecrets;
  /** Whether calls that prove nothing are taken as hints. */
  hints: boolean;
  health: Health;
  /** Resolves once all that follows is stored. */
  accept(sighting: Sighting, source: { trigger: string; trusted: boolean }): Promise<SightingResult>;
  onOutcome(trigger: string, outcome: WebhookOutcome): void;
  /** Milliseconds since 1970. Default: this machine's clock. */
  now?(): number;
  log: Log;
}

/** What the server tells beside the request. */
interface Env {
  Bindings: Peer | undefined;
}

const outcomes: Record<number, WebhookOutcome> = {
  401: "unauthorized",
  403: "unauthorized",
  429: "limited",
  503: "unavailable",
  500: "unavailable",
};

/**
 * The webhook server: a route per trigger plugin. A call has to prove itself, or be a hint where those are wanted, and
 * every sighting in it has to obey the grammar before the first is stored; 200 is given when all are.
 */
export function webhookApp(options: WebhookOptions): Hono<Env> {
  const { triggers, secrets, hints, health, accept, onOutcome, now = Date.now, log } = options;
  const app = new Hono<Env>();
  const takeHint = createHintLimits();
  const refusals = createLogThrottle();
  const idle = createLogThrottle();
  addRoutes(app, healthRoutes(health));
  for (const trigger of triggers) {
    if (!trigger.webhook) continue;
    const { path, read } = trigger.webhook;
    app.on(["POST"], path, async (context) => {
      const answer = await span(
        "webhook",
        { "headwind.trigger": trigger.name },
        () => receive(context.req.raw, context.env?.address),
      );
      onOutcome(trigger.name, answer.ignoredAll ? "ignored" : "stored");
      return context.json(answer.body);
    });
    app.all(path, (context) => context.json({ error: "POST is wanted" }, 405, { Allow: "POST" }));

    const receive = async (request: Request, address: string | undefined) => {
      const url = new URL(request.url);
      const { body, proven, proves } = await verifyCall(request, url, {
        secrets,
        hints,
        onHint: () => takeHint(address),
      });
      const parsed = parseDelivery(body, request.headers.get("content-type"));
      const call = { body: parsed, headers: request.headers, url, z, references, refuse };
      const reading = dropReplays(validateReading(read(call), proves), now());
      if (reading.sightings.length > 0 && health.unready().length > 0) throw notReady(health);
      const results = await Promise.all(
        reading.sightings.map((sighting) => accept(sighting, { trigger: trigger.name, trusted: proven })),
      );
      const told = answerOf(results, proven);
      if (results.length > 0 && results.every(({ updateRequests }) => updateRequests.length === 0)) {
        idle(
          `${trigger.name} ${proven}`,
          (unsaid) =>
            log.info("a webhook leads to nothing", { trigger: trigger.name, ...about(reading, told), ...more(unsaid) }),
        );
      }
      return { ignoredAll: reading.sightings.length === 0, body: { ...told, ignored: reading.ignored } };
    };
  }
  app.notFound(notFound);
  app.onError((error, context) => {
    const trigger = triggers.find(({ webhook }) => webhook?.path === context.req.path)?.name ?? "";
    const answer = error instanceof NotReady ? retryLater(context, error.message, 5) : errorAnswer(context, error, log);
    onOutcome(trigger, outcomes[answer.status] ?? "refused");
    if (answer.status < 500) {
      refusals(`${trigger} ${answer.status}`, (unsaid) => {
        log.info("webhook refused", {
          trigger,
          status: answer.status,
          error,
          ...more(unsaid),
        });
      });
    }
    return answer;
  });
  return app;
}

/** What is told of the workloads: names and reasons to those who proved themselves, to others how many. */
function answerOf(results: readonly SightingResult[], proven: boolean) {
  const stored = results.flatMap(({ updateRequests }) => updateRequests);
  const matched = results.reduce((sum, result) => sum + result.matched, 0);
  if (!proven) return { stored: stored.length, matched };
  const left = results.flatMap((result) => result.left?.reasons ?? []).slice(0, MAX_REASONS);
  const more = results.reduce((sum, result) => sum + (result.left?.count ?? 0), 0) - left.length;
  return { updateRequests: stored, matched, left: more > 0 ? [...left, `and ${more} more`] : left };
}

/** A line for a log: nothing in it is longer than the grammar of names allows. */
function about({ sightings }: WebhookReading, { matched, left }: { matched: number; left?: string[] }) {
  const [first] = sightings;
  return {
    repository: first?.artifact.repository,
    versions: first?.versions.slice(0, 5).map(({ tag }) => tag),
    matched,
    ...(left?.length ? { left: left.slice(0, 5) } : {}),
  };
}

const more = (unsaid: number) => unsaid ? { suppressedBefore: unsaid } : {};

class NotReady extends Error {}
const notReady = (health: Health) => new NotReady(`not ready: ${health.unready().join("; ")}`);

const refuse = (field: string, message: string): never => {
  throw new BadRequest(message, field);
};

const most = 100;

/**
 * The reading, once each of its names obeys the grammar, and it is of no more than 100 sightings and 100 versions.
 * Throws `BadRequest` naming the field.
 *
 * @param proves whether the call may speak of a repository
 */
export function validateReading(reading: WebhookReading, proves: (repository: string) => boolean): WebhookReading {
  const { sightings } = reading;
  const versions = sightings.reduce((sum, { versions }) => sum + versions.length, 0);
  if (sightings.length > most) throw tooMany("sightings", sightings.length);
  if (versions > most) throw tooMany("versions", versions);
  for (const { artifact, versions } of sightings) {
    let repository;
    try {
      repository = parseRepository(artifact.repository);
    } catch (error) {
      throw new BadRequest((error as Error).message, "repository");
    }
    for (const { tag, digest } of versions) {
      if (artifact.type === "image" && !isTag(tag)) throw new BadRequest(`${JSON.stringify(tag)} is no tag`, "tag");
      if (digest !== undefined && !isDigest(digest)) {
        throw new BadRequest(`${JSON.stringify(digest)} is no digest`, "digest");
      }
    }
    if (!proves(repository)) {
      throw new BadRequest(`the secret of this call is not that of ${repository}`, "repository", 403);
    }
  }
  return reading;
}

const tooMany = (field: string, count: number) =>
  new BadRequest(`a call may tell of ${most} ${field}, not of ${count}`, field);

/**
 * Longest that a registry may keep an event for: a week, as Google's Pub/Sub keeps what is not acknowledged; GitHub sends again
 * what is up to three days old.
 */
const oldestMs = 7 * 86_400_000;
/** For clocks that are wrong by a time zone. */
const aheadMs = 86_400_000;

/**
 * The reading without what a body says to be of long ago, or of the future: somebody may have kept the call and its proof. It
 * is not refused, since a registry sends again what is, and nothing behind it.
 */
export function dropReplays({ sightings, ignored }: WebhookReading, now: number): WebhookReading {
  const told = [...ignored];
  const left = sightings.flatMap((sighting): Sighting[] => {
    const versions = sighting.versions.filter(({ tag, at }) => {
      const age = now - Date.parse(at ?? "");
      if (!(age > oldestMs || age < -aheadMs)) return true;
      const what = age > 0 ? "more than a week old" : "more than a day ahead of this clock";
      told.push(`${sighting.artifact.repository}:${tag} was told of by an event of ${at}, which is ${what}`);
      return false;
    });
    return versions.length > 0 || sighting.versions.length === 0 ? [{ ...sighting, versions }] : [];
  });
  return { sightings: left, ignored: told };
}

/**
 * What a webhook's body says: JSON, or a form whose field `payload` is JSON, as GitHub sends it unless it is told otherwise. Where
 * `curl -d` says of JSON that it is a form, it is read as what it is. Throws `BadRequest` naming `body` or `payload`.
 *
 * Source: https://docs.github.com/webhooks/using-webhooks/creating-webhooks
 */
export function parseDelivery(body: Uint8Array, contentType: string | null): unknown {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType?.trim() ?? "")) return parseJson(body);
  const text = new TextDecoder().decode(body);
  if (/^\s*[[{]/.test(text)) return parseJson(body);
  const [payload, ...more] = new URLSearchParams(text).getAll("payload");
  if (payload === undefined || more.length > 0) {
    throw new BadRequest("a form is wanted with one field payload, which is JSON", "payload");
  }
  return parseJson(new TextEncoder().encode(payload), "payload");
}

/** Takes a hint's place in its sender's allowance, and in that of all. Throws `TooManyRequests` where there is none. */
export type HintLimits = (sender: string | undefined) => void;

/** 60 at once and one each second from one address, 300 and five from all. */
export function createHintLimits(now: () => number = () => performance.now()): HintLimits {
  const ofSender = createRateLimit({ burst: 60, perSecond: 1, now });
  const ofAll = createRateLimit({ burst: 300, perSecond: 5, now });
  return (address) => {
    const wait = ofSender.take(address === undefined ? "" : networkOf(address)) || ofAll.take();
    if (wait > 0) throw new TooManyRequests("too many webhooks that prove nothing", wait);
  };
}

/** An IPv4 address; of IPv6 its first 64 bits, since a sender has all that follow. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, "").replace(/%.*$/, "");
  if (!plain.includes(":")) return plain;
  const [before = [], after = []] = plain.toLowerCase().split("::").map((part) => part.match(/[^:]+/g) ?? []);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}
