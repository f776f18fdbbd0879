import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decide } from "../../../core/policy/decide.ts";
import { type Miss, policyFor, readRealTags, scoreTags } from "../../../scripts/bench/real_tags.ts";

const s = suite("real tags, and what really came next");

const real = readRealTags();
const score = scoreTags(real);
const shown = ({ image, policy, older, newer, chosen, why }: Miss) =>
  `${image}, ${policy}: ${older} → ${newer}, chosen ${chosen ?? "nothing"}: ${why}`;

s("99.9 % of the successions are chosen exactly; the rest, by kind", () => {
  assert.ok(score.successions > 10_000, `${score.successions} successions`);
  const exact = 1 - score.missed.length / score.successions;
  assert.ok(exact >= 0.999, `${(exact * 100).toFixed(2)} %\n${score.missed.slice(0, 20).map(shown).join("\n")}`);
  // a variant's own version went down: by the tag nothing tells that the one is the other's successor
  assert.equal(score.missed.map(shown), [
    "plone, patch: 5.2.5-python39 → 5.2.5-python38, chosen nothing: " +
    "5.2.5-python38 is of another variant than 5.2.5-python39",
  ]);
});

s("none is stepped down, by any policy, by a webhook or a list", () => {
  assert.ok(score.pairs > 13_000, `${score.pairs} pairs`);
  assert.equal(score.steppedDown.map(shown), []);
});

s("of the whole list the same is chosen as of what is comparable in it", () => {
  const whole = (image: string, until: string) =>
    Object.entries(real.tags[image]!).flatMap(([date, tags]) => date <= until ? tags.map((tag) => ({ tag })) : []);
  const missed = new Set(score.missed.map(({ older }) => older));
  let looked = 0;
  for (let at = 0; at < real.successions.length; at += 211) {
    const [image, older, newer, date] = real.successions[at]!;
    const name = policyFor(older, newer);
    if (!name || /alpha|beta|rc|ea|preview|dev|[abM]\d/i.test(older) || missed.has(older)) continue;
    const candidates = whole(image, date);
    assert.is(decide({ policy: { name }, current: { tag: older }, candidates, complete: true }).wanted?.tag, newer);
    looked++;
  }
  assert.ok(looked > 25, `${looked} lists`);
});

s.run();
