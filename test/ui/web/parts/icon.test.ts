import { suite } from "uvu";
import * as assert from "uvu/assert";
import { icon, iconSymbols } from "../../../../ui/web/parts/icon.ts";
import { ICON_NAMES } from "../../../../ui/web/parts/icon_names.ts";
import { lookOfPhase } from "../../../../ui/web/parts/looks.ts";
import { phaseStatus } from "../../../../ui/web/parts/status.ts";
import { all, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import { PHASES } from "../../../../core/requests/phases.ts";

const s = suite("icons, and how a phase looks");

s("each icon that is drawn has its shape in the page", () => {
  const symbols = parseMarkup(String(iconSymbols));
  assert.equal(faultsOf(symbols), []);
  const ids = new Set(all(symbols, "symbol").map(({ attributes }) => attributes.id));
  for (const name of ICON_NAMES) {
    assert.ok(ids.has(all(parseMarkup(String(icon(name))), "use")[0]!.attributes.href!.slice(1)), name);
  }
});

s("each phase has a word, and a shape that no other phase has", () => {
  const phases = Object.keys(PHASES);
  assert.is(new Set(phases.map((phase) => lookOfPhase(phase).icon)).size, phases.length);
  assert.equal(phases.filter((phase) => lookOfPhase(phase).icon === "dot-fill"), []);
});

s("a phase of a later Headwind is its own word, and text", () => {
  assert.is(textOf(parseMarkup(String(phaseStatus("<b>constructor")))).trim(), "<b>constructor");
  assert.is(lookOfPhase("constructor").word, "constructor");
});

s.run();
