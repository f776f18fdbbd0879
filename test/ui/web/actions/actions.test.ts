import * as assert from "uvu/assert";
import { suite } from "uvu";
import { actions } from "../../../../ui/web/actions.ts";
import { HOSTILE as hostile } from "../../../support/hostile_strings.ts";
import { readHolds } from "../../../../core/requests/holds.ts";
import { all, parseMarkup, textOf } from "../../../support/markup.ts";
import { type RequestChanges, requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";
import { world } from "./harness.ts";

const test = suite("what is pressed");

const waiting = (changes: RequestChanges = {}) => requestOf({ requireApproval: true, phase: "Pending", ...changes });
/** What a page says of something that was refused. */
const refused = async (answer: Response) =>
  parseMarkup(/<section id="refused">[\s\S]*?<\/section>/.exec(await answer.text())![0]);
const web = "/workloads/Deployment/default/web";

for (const [verb, approved] of [["approve", true], ["reject", false]] as const) {
  test(`${verb}: signed with who presses, by the way of the dashboard, with their comment; then back to where one was`, async () => {
    const { press, fetch, requests } = await world({ requests: [waiting()] });
    const answer = await press(`/updates/default/a/${verb}`, [["comment", " well tested "]]);
    assert.is(answer.status, 303);
    assert.is(answer.headers.get("location"), "/updates?search=web#notice");
    const decision = { approved, by: "ann", via: "dashboard", reason: "well tested" };
    assert.equal(requests.get("default/a")!.spec.decision, decision);
    const [cookie] = answer.headers.get("set-cookie")!.split(";");
    const page = await fetch("/updates?search=web", { headers: { cookie: cookie! } });
    assert.match(
      await page.text(),
      new RegExp(`id="notice"[^>]*><div class="notice good">[\\s\\S]*${approved ? "Approved" : "Rejected"} `),
    );
    assert.match(page.headers.get("set-cookie")!, "Max-Age=0");
    const again = await (await fetch("/updates?search=web")).text();
    assert.match(again, /id="notice"[^>]*><\/div>/);
  });
}

test("to htmx it is a notice for the page that is open", async () => {
  const { press } = await world({ requests: [waiting()] });
  const answer = await press("/updates/default/a/approve", [], { "hx-request": "true" });
  assert.is(answer.status, 200);
  assert.is(answer.headers.get("hx-retarget"), "#notice");
  const text = await answer.text();
  assert.match(text, /^<div class="notice good">/);
  assert.match(text, 'href="/updates/default/a"');
});

test("what somebody else decided a second ago is 409 in words: who, how, when and why", async () => {
  const decision = { approved: false, by: "bob", via: "kubectl", reason: "not before the holidays" };
  const decided = waiting({ decision });
  decided.status = { phase: "Rejected", rejectedAt: "2026-11-30T11:59:58Z", rejectedBy: "bob" };
  const { press, requests } = await world({ requests: [decided] });
  for (const headers of [{}, { "hx-request": "true" }] as Record<string, string>[]) {
    const answer = await press("/updates/default/a/approve", [], headers);
    assert.is(answer.status, 409);
    const text = await answer.text();
    assert.match(text, /was rejected by bob/);
    assert.match(text, /kubectl/);
    assert.match(text, /datetime="2026-11-30T11:59:58/);
    assert.match(text, /not before the holidays/);
  }
  assert.equal(requests.get("default/a")!.spec.decision, decision);
});

test("what was superseded a second ago is 409 in words", async () => {
  const old = waiting();
  old.status = { phase: "Superseded", message: "1.2.0 is newer", lastUpdated: "2026-11-30T11:59:58Z" };
  const { press } = await world({ requests: [old] });
  const answer = await press("/updates/default/a/approve");
  assert.is(answer.status, 409);
  assert.match(await answer.text(), /it is Superseded, since [\s\S]*1\.2\.0 is newer/);
});

test("each that changes something refuses who may not, names the verb, and leaves a line; nothing is written", async () => {
  const rejected = waiting({ name: "b", phase: "Rejected", decision: { approved: false, by: "bob" } });
  const { press, requests, audit, workload, written } = await world({
    requests: [waiting(), rejected],
    rights: ["get", "list"],
  });
  const before = workload();
  const presses: [path: string, fields: string[][], verb: string][] = [
    ["/updates/default/a/approve", [], "approve"],
    ["/updates/default/a/reject", [], "approve"],
    ["/updates/default/b/retry", [], "delete"],
    [`${web}/hold`, [["container", "app"]], "patch"],
    [`${web}/resume`, [["container", "app"]], "patch"],
    [`${web}/rollback`, [["container", "app"]], "patch"],
    [`${web}/check`, [], "patch"],
  ];
  for (const [path, fields, verb] of presses) {
    const answer = await press(path, fields);
    assert.is(answer.status, 403, path);
    assert.match(await answer.text(), `ann may not ${verb}`);
  }
  const many = await press("/actions/decide_many", [["verdict", "approve"], ["update", "default/a"]]);
  assert.match(await many.text(), /Approved 0 of 1[\s\S]*ann may not approve/);
  assert.is(audit.length, presses.length + 1);
  assert.ok(audit.every(({ username, result }) => username === "ann" && result === "denied"));
  assert.is(requests.get("default/a")!.spec.decision, undefined);
  assert.is(workload(), before);
  assert.equal(written, []);
  const paths = presses.map(([path]) => path.split("/").at(-1)!);
  assert.equal([...paths, "decide_many"].sort(), actions.map(({ path }) => path.split("/").at(-1)!).sort());
});

test("in mode none nothing is done, and it says why", async () => {
  const { press, requests } = await world({ requests: [waiting()], nobody: true });
  const answer = await press("/updates/default/a/approve");
  assert.is(answer.status, 403);
  assert.match(await answer.text(), "HEADWIND_UI_AUTH_MODE");
  assert.is(requests.get("default/a")!.spec.decision, undefined);
});

test("a hold of everything, of a version, and letting go", async () => {
  const { press, workload } = await world({});
  assert.is((await press(`${web}/hold`, [["container", "app"], ["image", ""], ["reason", "freeze"]])).status, 303);
  const [hold] = readHolds(workload().annotations.held);
  assert.is(hold!.image, undefined);
  assert.is(hold!.by, "ann");
  assert.is(hold!.reason, "freeze");
  assert.is((await press(`${web}/resume`, [["container", "app"]])).status, 303);
  assert.is(readHolds(workload().annotations.held)[0]!.resumedBy, "ann");
  assert.is((await press(`${web}/hold`, [["container", "app"], ["image", "1.1.0"]])).status, 303);
  assert.is(readHolds(workload().annotations.held)[0]!.image, "app:1.1.0");
});

test("back to the version of the history that is chosen, and the one that is left is held", async () => {
  const history = [
    { image: "app:1.2.0", previousImage: "app:1.1.0" },
    { image: "app:1.1.0", previousImage: "app:1.0.0" },
  ];
  const { press, workload } = await world({ workload: workloadOf({ image: "app:1.2.0", history }) });
  const answer = await press(`${web}/rollback`, [["container", "app"], ["image", "app:1.0.0"], ["reason", "slow"]]);
  assert.is(answer.status, 303);
  assert.is(workload().slots[0]!.current, "app:1.0.0");
  assert.is(readHolds(workload().annotations.held)[0]!.image, "app:1.2.0");
  const none = await press(`${web}/rollback`, [["container", "app"], ["image", "app:9.9.9"]]);
  assert.is(none.status, 409);
  assert.match(await none.text(), "the history of app knows no app:9.9.9");
});

test("an update that has ended is made anew, in the name of who presses", async () => {
  const rejected = waiting({ phase: "Rejected", decision: { approved: false, by: "bob" } });
  const { press, requests } = await world({ requests: [rejected] });
  assert.is((await press("/updates/default/a/retry")).status, 303);
  assert.is(requests.get("default/a")!.spec.decision, undefined);
  assert.is(requests.get("default/a")!.spec.madeBy, "ann");
  assert.is((await press("/updates/default/a/retry")).status, 409);
});

test("check now writes the time on the workload", async () => {
  const { press, written } = await world({});
  assert.is((await press(`${web}/check`)).status, 303);
  assert.match(written[0]!, '"headwind.sh/check-requested-at":"2026-11-30T12:00:00.000Z"');
});

test("many: each has its line, and what failed comes first and is never hidden", async () => {
  const requests = ["a", "b", "c"].map((name) => waiting({ name }));
  requests[1] = waiting({ name: "b", decision: { approved: true, by: "bob" } });
  const { press, requests: stored } = await world({ requests });
  const updates = ["a", "b", "c", "gone"].map((name) => ["update", `default/${name}`]);
  const answer = await press("/actions/decide_many", [["verdict", "reject"], ["comment", "freeze"], ...updates]);
  assert.is(answer.status, 200);
  const text = await answer.text();
  assert.match(text, "Rejected 2 of 4");
  assert.match(
    text,
    /b<\/a> not done: [\s\S]*approved by bob[\s\S]*gone<\/a> not done: [\s\S]*there is no UpdateRequest[\s\S]*a<\/a> rejected/,
  );
  assert.match(text, 'href="/updates?search=web"');
  const decision = { approved: false, by: "ann", via: "dashboard", reason: "freeze" };
  assert.equal(["a", "c"].map((name) => stored.get(`default/${name}`)!.spec.decision), [decision, decision]);
  const part = await press("/actions/decide_many", [["verdict", "approve"], ...updates], { "hx-request": "true" });
  assert.match(await part.text(), /^<div class="notice bad">[\s\S]*Approved 0 of 4/);
});

const wrong: [what: string, path: string, fields: string[][], field: string][] = [
  ["no tick", "/actions/decide_many", [["verdict", "approve"]], "update"],
  ["too many ticks", "/actions/decide_many", [
    ["verdict", "approve"],
    ...Array.from({ length: 101 }, (_, at) => ["update", `default/a${at}`]),
  ], "update"],
  ["no verdict", "/actions/decide_many", [["update", "default/a"]], "verdict"],
  ["another verdict", "/actions/decide_many", [["verdict", "maybe"], ["update", "default/a"]], "verdict"],
  ["no name", "/actions/decide_many", [["verdict", "approve"], ["update", "default"]], "name"],
  ["a path for a name", "/actions/decide_many", [["verdict", "approve"], ["update", "../../secrets"]], "update"],
  ["a comment that is too long", "/updates/default/a/approve", [["comment", "x".repeat(1025)]], "reason"],
  ["no container", `${web}/hold`, [], "container"],
  ["a name of dots", "/updates/default/..%2f..%2fsecrets/approve", [], "name"],
];
for (const [what, path, fields, field] of wrong) {
  test(`${what}: 400, and nothing is done`, async () => {
    const { press, audit } = await world({ requests: [waiting()] });
    const answer = await press(path, fields);
    assert.is(answer.status, 400);
    assert.ok((await answer.text()).length > 0, field);
    assert.equal(audit, []);
  });
}

test("a form that is refused comes back with what was typed, and the reason at its field, without JavaScript", async () => {
  const { press, workload } = await world({});
  const typed = [["container", "app"], ["image", "1.3 .0"], ["reason", 'the "migration" runs']];
  const answer = await press(`${web}/hold`, typed, { referer: `http://127.0.0.1:8082${web}` });
  assert.is(answer.status, 409);
  const page = await refused(answer);
  const [form] = all(page, "form").filter(({ attributes }) => attributes.action === `${web}/hold`);
  const inputs = all(form!, "input").map(({ attributes }) => attributes);
  assert.equal(inputs.filter(({ type }) => type !== "hidden").map(({ name, value }) => [name, value]), typed);
  const [wrong, ...others] = inputs.filter((input) => input["aria-invalid"]);
  assert.equal([wrong!.name, others.length], ["image", 0]);
  const problem = all(form!, "p").find(({ attributes }) => attributes.id === wrong!["aria-describedby"]);
  assert.match(textOf(problem!), "1.3 .0 is no version of what app runs");
  // mended and sent again, it leads back to the page that the first form stood on
  const sent = inputs.map(({ name, value }) => [name!, name === "image" ? "1.3.0" : value!]);
  const mended = await press(`${web}/hold`, sent, { referer: `http://127.0.0.1:8082${web}/hold` });
  assert.equal([mended.status, mended.headers.get("location")], [303, `${web}#notice`]);
  assert.is(readHolds(workload().annotations.held)[0]!.reason, 'the "migration" runs');
});

test("a comment that is refused is asked for again, with what it was for", async () => {
  const { press } = await world({ requests: [waiting()] });
  const comment = "x".repeat(1025);
  const ticked = [["verdict", "reject"], ["update", "default/a"], ["update", "default/b"]];
  for (const [path, more] of [["/updates/default/a/reject", []], ["/actions/decide_many", ticked]] as const) {
    const answer = await press(path, [...more, ["comment", comment]]);
    assert.is(answer.status, 400);
    const [form] = all(await refused(answer), "form");
    assert.is(form!.attributes.action, path);
    const inputs = all(form!, "input").map(({ attributes }) => attributes);
    assert.equal(inputs.find(({ name }) => name === "comment")!.value, comment);
    assert.ok(inputs.find(({ name }) => name === "comment")!["aria-invalid"]);
    const hidden = inputs.filter(({ type }) => type === "hidden").map(({ name, value }) => [name, value]);
    assert.equal(hidden, [...more, ["from", "/updates?search=web"]]);
    assert.is(textOf(all(form!, "button")[0]!), "Reject");
  }
});

test("where the same would be refused again nothing is asked, and what was written is there to be copied", async () => {
  const { press } = await world({ requests: [waiting()], rights: ["get", "list"] });
  const answer = await press("/updates/default/a/approve", [["comment", "well tested"]]);
  const page = await refused(answer);
  assert.equal(all(page, "form"), []);
  assert.is(textOf(all(page, "blockquote")[0]!), "well tested");
  const none = await press("/actions/decide_many", [["verdict", "approve"], ["comment", "well tested"]]);
  assert.match(await none.text(), /no update is ticked[\s\S]*<blockquote>well tested/);
});

test("where it goes back to is a page of the dashboard's own", async () => {
  const { press } = await world({ requests: [waiting()] });
  const answer = await press("/updates/default/a/approve", [["from", "//evil.example/"]]);
  assert.is(answer.headers.get("location"), "/#notice");
});

test("what is unknown is 404, and another kind is not found", async () => {
  const { press } = await world({});
  for (
    const path of [
      "/updates/default/none/approve",
      "/updates/default/none/retry",
      "/workloads/StatefulSet/default/web/check",
    ]
  ) {
    assert.is((await press(path)).status, 404, path);
  }
});

test("a form of another site does nothing, nor does an address", async () => {
  const { press, fetch, requests } = await world({ requests: [waiting()] });
  assert.is((await press("/updates/default/a/approve", [], { "sec-fetch-site": "cross-site" })).status, 403);
  assert.is((await fetch("/updates/default/a/approve")).status, 404);
  assert.is(requests.get("default/a")!.spec.decision, undefined);
});

test("what strangers write is text in each answer", async () => {
  for (const text of Object.values(hostile).map((text) => text.slice(0, 500))) {
    const decided = waiting({ decision: { approved: true, by: text, reason: text } });
    const { press } = await world({ requests: [decided] });
    const answer = await press("/updates/default/a/reject", [["comment", text]]);
    const page = await answer.text();
    assert.is(answer.status, 409);
    assert.not.match(page, /<script>|<img|<iframe|<base|<math|<meta http-equiv|<!-->/i, text);
    assert.not.match(page, /<[^>]* on\w+=/i, text);
  }
});

test("a cookie that was written elsewhere tells nothing", async () => {
  const { fetch } = await world({});
  for (const value of ["approved~~a~<b>", "approved~~a", "else~~a~b", "approved~~a~b~c", "%3Cscript%3E"]) {
    const text = await (await fetch("/updates", { headers: { cookie: `headwind-done=${value}` } })).text();
    assert.match(text, /id="notice"[^>]*><\/div>/, value);
  }
});

test.run();
