import type { Cluster } from "./cluster.ts";
import { Failure } from "./errors.ts";

/** The name that a change is signed with: the API server's own idea of the user. Throws `Failure` where `said` is another. */
export async function signer(cluster: Cluster, flag: string, said: string | undefined): Promise<string> {
  const me = await cluster.me();
  if (said === undefined || said === me) return me;
  throw new Failure(`${flag} is ${said}, but to the API server you are ${me}: nobody signs as another`);
}
