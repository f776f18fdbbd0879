import {
  AlreadyDecided,
  changeText,
  containersOf,
  createUpdateStore,
  type Decision,
  handOf,
  namesText,
} from "../../core/ui.ts";
import type { Call, Flag, Result } from "./command.ts";
import { type Cluster, dryMark } from "./cluster.ts";
import { Failure } from "./errors.ts";
import { fullRequestName, noRequest, requestName } from "./find_objects.ts";

export const approver: Flag = {
  name: "approver",
  value: "NAME",
  help: "only your own name is taken, as the API server knows you",
};

/** Writes a person's word on a request, in their own name; that they may, the API server says. */
export async function decide(call: Call, approved: boolean, reason?: string): Promise<Result> {
  const cluster = await call.cluster();
  const name = requestName(call.argument("NAME")!);
  const by = await signer(cluster, "--approver", call.value("approver"));
  const decision: Decision = { approved, by, ...(reason ? { reason } : {}), via: "kubectl" };
  const store = createUpdateStore(cluster.client, () => {});
  const request = await store.decide(cluster.namespace, name, decision).catch((error) => {
    if (error instanceof AlreadyDecided) throw new Failure(`${name} does not wait for a decision: ${error.message}`);
    throw error;
  });
  if (!request) throw await noRequest(name, cluster);
  const { currentImage, newImage, targetRef } = request.spec;
  const [from, to] = changeText(currentImage, newImage);
  const what = `${
    namesText(containersOf(request))
  } of ${targetRef.kind.toLowerCase()}/${targetRef.name}, ${from} → ${to}`;
  const hand = handOf(request);
  const made = hand ? `; the request was ${hand}, not by Headwind` : "";
  const word = approved ? "approved" : "rejected";
  return {
    data: request,
    names: [fullRequestName(request)],
    text: () => `${fullRequestName(request)} ${word}${dryMark(cluster)}: ${what}, by ${by}${made}`,
  };
}

/**
 * The name that a change is signed with: the API server's own idea of the user.
 *
 * @throws {Failure} where `said` is another
 */
export async function signer(cluster: Cluster, flag: string, said: string | undefined): Promise<string> {
  const me = await cluster.me();
  if (said === undefined || said === me) return me;
  throw new Failure(`${flag} is ${said}, but to the API server you are ${me}: nobody signs as another`);
}
