import { cpuUsage } from "node:process";

/**
 * How many times the work for `size` the work for four times as much costs: 4 where the cost follows the amount, 16 where it follows
 * its square. Of the process's own time, the least of five, so that a busy machine and a collection of garbage do not count.
 */
export function growthByFour(size: number, prepare: (size: number) => () => void): number {
  const cost = (amount: number) => {
    const work = prepare(amount);
    let least = Infinity;
    for (let round = 0; round < 5; round++) {
      const before = cpuUsage();
      work();
      const { user, system } = cpuUsage(before);
      least = Math.min(least, user + system);
    }
    return least;
  };
  const [one, four] = [cost(size), cost(4 * size)];
  return four / one;
}
