import { createFairQueue } from "../lib/fair_queue.ts";
import type { KubeEvent } from "./events.ts";

export interface ToldInTurnOptions {
  /** Never rejects. */
  write(event: KubeEvent): Promise<void>;
  /** Aborted when nothing is to be written any more. */
  signal: AbortSignal;
  /** Written at the same time. Default 8. */
  atOnce?: number;
  /** Events that wait at most; of more nothing is told. Default 20,000. */
  most?: number;
}

/**
 * Events of which there may be one for each workload at the same moment, as when a registry that thousands use is away: a few
 * are written at a time, so that they open few connections and keep nothing waiting, and namespaces take turns.
 */
export interface ToldInTurn {
  tell(event: KubeEvent): Promise<void>;
}

export function createToldInTurn({ write, signal, atOnce = 8, most = 20_000 }: ToldInTurnOptions): ToldInTurn {
  const line = createFairQueue<KubeEvent>();
  let inHand = 0;
  let waiting = 0;
  const any = () => true;

  async function work(): Promise<void> {
    inHand++;
    for (let event = line.take(any, any); event && !signal.aborted; event = line.take(any, any)) {
      waiting--;
      await write(event).catch(() => {});
    }
    inHand--;
  }

  return {
    async tell(event) {
      if (signal.aborted || waiting >= most) return;
      line.add(event.metadata.namespace, "", event);
      waiting++;
      if (inHand < atOnce) await work();
    },
  };
}
