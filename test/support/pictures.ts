/** Prints one picture of each kind: run on each runtime, to compare what they draw. */
import { daysPicture } from "../../ui/web/pictures/days.ts";
import { rolloutPicture } from "../../ui/web/pictures/rollout.ts";
import { seriesPicture } from "../../ui/web/pictures/series.ts";

const from = Date.UTC(2026, 10, 29, 12) / 1000;
const at = (seconds: number) => new Date((from + seconds) * 1000).toISOString();
const points = (phase: number) =>
  Array.from({ length: 288 }, (_, index) => [from + index * 300, Math.sin(index / 9 + phase) * 1e3 / 7] as const);

console.log(String(seriesPicture({
  id: "series",
  title: "Requests",
  unit: "req/s",
  from,
  to: from + 86_400,
  series: [{ name: "ok", points: points(0) }, { name: "429", points: points(1) }],
  marks: [{ at: from + 40_000, kind: "rollback", label: "shop/web", href: "/updates/shop/a" }],
})));
console.log(String(rolloutPicture({
  id: "rollout",
  samples: Array.from(
    { length: 40 },
    (_, index) => ({ at: at(index * 7), old: 40 - index, new: index, ready: index / 3 }),
  ),
  marks: [{ at: at(3), kind: "applied", label: "applied" }],
  now: at(400),
})));
console.log(String(daysPicture({
  id: "days",
  title: "Updates by day",
  now: at(0),
  updates: Array.from({ length: 50 }, (_, index) => ({
    at: at(-index * 40_000),
    phase: index % 7 === 0 ? "RolledBack" : "Completed",
    label: `shop/web ${index}`,
    href: `/updates/shop/${index}`,
  })),
})));
