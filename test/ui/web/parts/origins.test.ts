import * as assert from "uvu/assert";
import { suite } from "uvu";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import { originsOf } from "../../../../ui/web/parts/origins.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";

const s = suite("ui/web, where images come from");

s("a registry that failed is not asked again for a minute, and then is", async () => {
  const context = dashboardContext({});
  let asked = 0;
  context.originOf = () => {
    asked++;
    return asked <= 2 ? Promise.reject(new Error("it is gone.")) : Promise.resolve({ revision: "abc" });
  };
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, seconds));
  const ask = (now: Date) => originsOf(requestOf({}), workloadOf({}), { context, now });
  assert.is(await ask(at(0)), "the registry was not read: it is gone");
  assert.is(await ask(at(59)), "the registry was not read: it is gone");
  assert.is(asked, 2, "two images, once");
  const found = await ask(at(61));
  assert.is(typeof found === "string" ? found : found.to.revision, "abc");
  assert.is(typeof await ask(at(62)), "object");
});

s.run();
