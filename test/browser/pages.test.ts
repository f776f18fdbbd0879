import * as assert from "uvu/assert";
import { e2e } from "../e2e/suite.ts";
import { type Dashboard, openDashboard, textOf } from "./dashboard.ts";
import { look } from "./looks.ts";

const s = e2e("what the pages of the dashboard look like");
let dashboard: Dashboard;
s.before(async () => void (dashboard = await openDashboard({ name: "pages" })));
s.after(() => dashboard.stop());

s("the overview", async () => {
  const ann = await dashboard.as("ann");
  const page = await ann.open("/");
  assert.match(await textOf(page), "Nothing waits");
  assert.equal(await look(page, "overview-empty"), []);
  dashboard.requireQuiet();
});
s.run();
