import * as assert from "uvu/assert";
import { suite } from "uvu";
import { byNothing } from "../../../../ui/web/identity/by_nothing.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import { opened } from "./opened.ts";
import { requireRight } from "../../../../core/server/callers.ts";

const s = suite("who asks, where nobody is asked");
const right = (verb: string) => ({
  verb,
  group: "headwind.sh",
  resource: "updaterequests",
  namespace: "shop",
  name: "",
});
const person = async (open: boolean) =>
  (await byNothing(dashboardContext({ open })).identify(new Request("http://localhost/"), {})).person;

s("everybody reads, and whatever would change something refuses in words", async () => {
  const { may, caller, name, isSignedIn } = await person(false);
  assert.equal([name, isSignedIn], ["web-ui-user", false]);
  for (const verb of ["get", "list", "watch"]) assert.ok(await may(right(verb)));
  for (const verb of ["approve", "patch", "create", "delete"]) {
    assert.not.ok(await may(right(verb)));
    const error = await requireRight(caller, right(verb)).then(() => undefined, (thrown) => thrown);
    assert.is(error?.status, 403, verb);
    assert.match(error.message, "HEADWIND_UI_AUTH_MODE");
  }
});

s("open: everybody decides, and each page says so loudly", async () => {
  const { may, caller } = await person(true);
  assert.ok(await may(right("approve")));
  assert.is(caller.kind, "anonymous");
  const open = await opened({ open: true });
  for (const path of ["/", "/nowhere"]) {
    assert.match(await (await open.get(path)).text(), /role="note">[\s\S]*HEADWIND_APPROVALS=open/);
  }
  const strict = await opened();
  assert.not.match(await (await strict.get("/")).text(), 'role="note"');
});

s("what a caller claims counts for nothing", async () => {
  const { get, asked } = await opened();
  const text = await (await get("/", { "x-user": "ann", "x-forwarded-user": "ann", authorization: "Bearer abc" }))
    .text();
  assert.not.match(text, ">ann<");
  assert.equal(asked, []);
});

s.run();
