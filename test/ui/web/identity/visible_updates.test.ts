import { suite } from "uvu";
import * as assert from "uvu/assert";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import type { Person } from "../../../../ui/web/identity/person.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { visibleUpdates } from "../../../../ui/web/identity/visible_updates.ts";

const s = suite("which updates a person sees, and decides on");

const waiting = (namespace: string) => requestOf({ name: namespace, namespace, requireApproval: true });
/** Who has these rights, each a verb and a namespace. */
const person = (...rights: string[]): Person => ({
  name: "ann",
  groups: [],
  proof: "token",
  isSignedIn: false,
  caller: { kind: "anonymous" },
  may: ({ verb, namespace }) => Promise.resolve(rights.includes(`${verb} ${namespace}`)),
  sharedKey: "ann",
});
const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name).sort().join(" ");

s("those of the namespaces whose they may list, and the approvals that they may give there", async () => {
  const context = dashboardContext({ requests: ["bank", "shop", "zoo"].map(waiting) });
  const ann = person("list bank", "list shop", "approve shop", "approve zoo");
  const { rows, decides, mayDecide, isComplete } = await visibleUpdates({ context, person: ann });
  assert.is(names(rows), "bank shop");
  assert.is(names(rows.filter(mayDecide)), "shop");
  assert.ok(decides && isComplete);
});

s("who may list none sees none", async () => {
  const context = dashboardContext({ requests: ["bank", "shop"].map(waiting) });
  const { rows, decides } = await visibleUpdates({ context, person: person("approve bank") });
  assert.equal([...rows], []);
  assert.not.ok(decides);
});

s("of very many namespaces the one that is chosen", async () => {
  const context = dashboardContext({ requests: Array.from({ length: 150 }, (_, at) => waiting(`team-${at + 100}`)) });
  const ann = person("list team-249", "approve team-249");
  const all = await visibleUpdates({ context, person: ann });
  assert.equal([all.rows.length, all.isComplete], [0, false]);
  const one = await visibleUpdates({ context, person: ann }, "team-249");
  assert.equal([names(one.rows), one.isComplete, one.decides], ["team-249", true, true]);
});

s.run();
