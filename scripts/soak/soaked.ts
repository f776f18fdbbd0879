/** What came of a soak. Times in milliseconds, memory in MB. */
export interface Soaked {
  attacks: string[];
  seconds: number;
  victims: VictimTimes[];
  /** Attacks that were still about to begin at the end: some wait first for a rollout. */
  unbegun: string[];
  /** Attacks that failed to begin, and victims that were not updated at all, a sentence each. */
  failures: string[];
  mostMemory: number;
  leasesLost: number;
  restarts: number;
  /** How the operator ended after SIGTERM. */
  end: { how: string; ms: number };
}

export interface VictimTimes {
  name: string;
  /** The longest while nobody attacked. */
  usual: number;
  /** While all attacked. */
  times: number[];
  /** The same, less what everything took longer then on this machine, the operator's doing or not. */
  adjusted: number[];
}

const mostMemory = 256;
/** Seconds in which every attack begins. */
const timeToBegin = 100;
const longestEnd = 20_000;

/** What is not as it has to be, a sentence each. */
export function faultsOf(soaked: Soaked, inUsualTime: (ms: number, usual: number) => boolean): string[] {
  const { victims, failures, leasesLost, restarts, end } = soaked;
  const late = victims.flatMap(({ name, usual, times, adjusted }) => {
    const worst = Math.max(0, ...adjusted);
    if (times.length === 0) return [`${name} was not updated at all`];
    return inUsualTime(worst, usual)
      ? []
      : [`${name} was updated after ${whole(worst)} ms, usually ${whole(usual)} ms`];
  });
  return [
    ...failures,
    ...(soaked.seconds < timeToBegin
      ? []
      : soaked.unbegun.map((name) => `${name} did not begin in ${soaked.seconds} s`)),
    ...late,
    ...(soaked.mostMemory <= mostMemory ? [] : [`it took ${whole(soaked.mostMemory)} MB, ${mostMemory} are allowed`]),
    ...(leasesLost === 0 ? [] : [`it lost the Lease ${leasesLost} times`]),
    ...(restarts === 0 ? [] : [`it restarted ${restarts} times`]),
    ...(end.how === "status 0" && end.ms <= longestEnd ? [] : [`it ended with ${end.how} after ${whole(end.ms)} ms`]),
  ];
}

/** The rows of its tables, heads first. */
export function rowsOf(
  { victims, mostMemory, leasesLost, restarts, end }: Soaked,
): { times: string[][]; rest: string[][] } {
  const row = ({ name, usual, times, adjusted }: VictimTimes) => {
    const sorted = [...times].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    return [
      name,
      whole(usual),
      String(times.length),
      whole(median),
      whole(sorted.at(-1)),
      whole(adjusted.length > 0 ? Math.max(...adjusted) : undefined),
    ];
  };
  return {
    times: [["victim", "usual ms", "updates", "median ms", "worst ms", "adjusted ms"], ...victims.map(row)],
    rest: [
      ["of the operator", ""],
      ["highest memory", `${whole(mostMemory)} MB`],
      ["Leases lost", String(leasesLost)],
      ["restarts", String(restarts)],
      ["end after SIGTERM", `${end.how}, ${whole(end.ms)} ms`],
    ],
  };
}

const whole = (value: number | undefined): string => value === undefined ? "–" : value.toFixed(0);
