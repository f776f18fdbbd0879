import type { Decision, UpdateRequest } from "../../core/requests/update_request.ts";
import type { PushOptions } from "../../scripts/testbed/push.ts";
import type { KubeObject } from "./manifests.ts";
import type { Delivery, WebhookReceiver } from "./webhook_receiver.ts";
import type { Summary } from "./summary.ts";

/**
 * A story with the operator in it, told once without faults and then again for each of its writes, with the operator
 * killed before or after that write and started anew. Each telling is in a world of its own. To add one, add it to
 * `scenarios.ts` or `scenarios_verified.ts`: nothing in it has to know of faults, since what it asks of the world is asked
 * until it is stored.
 */
export interface Scenario {
  name: string;
  /** Settings of the operator, besides those of every test. */
  env?: (world: Pick<World, "receiver">) => Record<string, string>;
  /** Whether webhooks prove themselves. Default true. */
  trusted?: boolean;
  /** What there is before the story begins. */
  workloads(world: World): KubeObject[];
  prepare?(world: World): Promise<void>;
  run(world: World): Promise<void>;
  /** How it has to end. Names without hash: `web-app-1-1-0`. */
  end: {
    /** From UpdateRequest to phase; all that there are. */
    requests: Record<string, string>;
    /** From workload, `Deployment/web`, to its images by container: `web:1.1.0`. */
    images: Record<string, Record<string, string>>;
  };
  /** More that must be the same at the end. */
  summary?(world: World): Promise<Record<string, unknown>>;
}

/** Where one telling of a story happens. Names are short ones, of this world only. */
export interface World {
  /** The real name of a workload. */
  name(short: string): string;
  /** The real image, in the real registry. */
  image(short: string, tag: string): string;
  push(short: string, tag: string, options?: PushOptions): Promise<string>;
  /** A Helm repository, in which charts have names of this world. */
  charts: { url: string; publish(short: string, version: string): Promise<void> };
  /** Tells of a version by webhook, until it is acknowledged. */
  tell(short: string, tag: string): Promise<void>;
  /** Waits for the UpdateRequest and decides on it over the API, until that is stored. */
  decide(request: string, decision: Decision): Promise<void>;
  /** Puts an image into the container `app` of a Deployment, as a person with kubectl does. */
  edit(workload: string, image: string): Promise<void>;
  /** Takes the container `app` of a Deployment back to an image of its history over the API, until that is stored. */
  rollBack(workload: string, image: string): Promise<void>;
  /** Waits until an UpdateRequest is in a phase. */
  phase(request: string, phase: string): Promise<UpdateRequest>;
  /** Notifications that came for this world. */
  deliveries(): Delivery[];
  receiver: Pick<WebhookReceiver, "url" | "isDown">;
  summary(): Promise<Summary>;
}
