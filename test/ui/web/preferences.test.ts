import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keepPreferences, preferenceForms, readPreferences, USUAL } from "../../../ui/web/preferences.ts";
import { all, faultsOf, parseMarkup } from "../../support/markup.ts";

const s = suite("what a reader chose");
const read = (cookie: string) => readPreferences(new Headers({ cookie }));
const post = (body: string, referer?: string) =>
  keepPreferences(
    new Request("http://hw.example/preferences", {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded", ...(referer ? { referer } : {}) },
    }),
  );

s("nothing, and what cannot be read: as the system has it, and pages move", () => {
  for (const cookie of ["", "headwind-theme=", "headwind-theme=blue; headwind-refresh=1", "xheadwind-theme=dark"]) {
    assert.equal(read(cookie), USUAL, cookie);
  }
});

s("what a form says is kept by a cookie that the next page reads", async () => {
  const answer = await post("theme=dark&refresh=off");
  const cookies = answer.headers.getSetCookie();
  assert.equal(read(cookies.map((cookie) => cookie.split(";")[0]).join("; ")), { theme: "dark", refreshes: false });
  for (const cookie of cookies) assert.match(cookie, /; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
});

s("what is no choice sets nothing", async () => {
  const answer = await post("theme=%0d%0aSet-Cookie:x&refresh=maybe");
  assert.equal([answer.status, answer.headers.getSetCookie()], [303, []]);
});

s("it leads back to the page it stood on, and to no other host", async () => {
  const way = async (referer?: string) => (await post("theme=dark", referer)).headers.get("location");
  assert.is(await way("http://hw.example/updates?page=2"), "/updates?page=2");
  assert.is(await way("http://another-name.example/updates"), "/updates", "of this one's own");
  assert.is(await way("http://hw.example//evil.example"), "/");
  assert.is(await way("not an address"), "/");
  assert.is(await way(), "/");
});

s("the switch leads through the three themes and back", () => {
  const next = (theme: "system" | "dark" | "light") =>
    all(parseMarkup(String(preferenceForms({ theme, refreshes: true }, true))), "button").at(-1)!.attributes.value;
  assert.equal([next("system"), next("dark"), next("light")], ["dark", "light", "system"]);
});

s("a page without a stream has no switch for it", () => {
  const buttons = (hasStream: boolean) => all(parseMarkup(String(preferenceForms(USUAL, hasStream))), "button").length;
  assert.equal([buttons(true), buttons(false)], [2, 1]);
  assert.equal(faultsOf(parseMarkup(String(preferenceForms(USUAL, true)))), []);
});

s.run();
