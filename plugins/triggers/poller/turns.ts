/** Who shares a place: of one host at most so many run, and of one namespace. */
export interface Claim {
  host: string;
  /** Any of these may pay for it. */
  namespaces: readonly string[];
}

export interface Limits {
  all: number;
  ofHost: number;
  ofNamespace: number;
}

/** Places for what runs at the same time. Namespaces take turns, so that nobody's many keep another's one waiting. */
export interface Turns {
  /** Resolves when there is a place, with what gives it back; rejects with the signal's reason when that is aborted before. */
  enter(claim: Claim, signal: AbortSignal): Promise<() => void>;
}

interface Waiting extends Claim {
  start(leave: () => void): void;
}

export function createTurns({ all, ofHost, ofNamespace }: Limits): Turns {
  const waiting = new Set<Waiting>();
  const hosts = new Map<string, number>();
  const namespaces = new Map<string, number>();
  /** When each namespace had its last turn. */
  const lastTurn = new Map<string, number>();
  let running = 0;
  let turn = 0;

  const count = (counts: Map<string, number>, name: string, by: number) => {
    const sum = (counts.get(name) ?? 0) + by;
    if (sum > 0) counts.set(name, sum);
    else counts.delete(name);
  };
  /** Of the namespaces that may pay, the one that has waited longest for a turn. */
  const payerOf = ({ namespaces: some }: Claim): string | undefined => {
    let best: string | undefined;
    for (const name of some) {
      if ((namespaces.get(name) ?? 0) >= ofNamespace) continue;
      if (best === undefined || (lastTurn.get(name) ?? 0) < (lastTurn.get(best) ?? 0)) best = name;
    }
    return best;
  };

  function next(): { one: Waiting; payer: string } | undefined {
    if (running >= all) return undefined;
    let best: { one: Waiting; payer: string; at: number } | undefined;
    for (const one of waiting) {
      if ((hosts.get(one.host) ?? 0) >= ofHost) continue;
      const payer = payerOf(one);
      if (payer === undefined) continue;
      const at = lastTurn.get(payer) ?? 0;
      if (!best || at < best.at) best = { one, payer, at };
    }
    return best;
  }

  function fill(): void {
    for (let found = next(); found; found = next()) {
      const { one, payer } = found;
      waiting.delete(one);
      running++;
      count(hosts, one.host, 1);
      count(namespaces, payer, 1);
      lastTurn.set(payer, ++turn);
      let left = false;
      one.start(() => {
        if (left) return;
        left = true;
        running--;
        count(hosts, one.host, -1);
        count(namespaces, payer, -1);
        if (running === 0 && waiting.size === 0) lastTurn.clear();
        fill();
      });
    }
  }

  return {
    enter: (claim, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const give = () => {
          waiting.delete(one);
          reject(signal.reason);
        };
        const one: Waiting = {
          ...claim,
          start(leave) {
            signal.removeEventListener("abort", give);
            resolve(leave);
          },
        };
        signal.addEventListener("abort", give, { once: true });
        waiting.add(one);
        fill();
      }),
  };
}
