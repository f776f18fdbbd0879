import * as assert from "uvu/assert";
import { suite } from "uvu";
import { HOSTILE, HOSTILE_MARKUP } from "../../../support/hostile_strings.ts";
import { openPage, rowOf, said } from "../../../support/open_page.ts";
import { opened, type OpenedOptions } from "../identity/opened.ts";
import cronjob from "../../../../plugins/workloads/cronjob.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";
import { all, parseMarkup } from "../../../support/markup.ts";

const s = suite("ui/web, page of one's rights");
const secret = "a-secret-of-16-characters";
const env = { HEADWIND_UI_AUTH_MODE: "proxy", HEADWIND_PROXY_SECRET: secret };
const workloads = ["shop", "bank"].map((namespace) => workloadOf({ namespace }));
const requests = [requestOf({ namespace: "mail" })];

async function open(options: OpenedOptions = {}, { user = "ann", groups = "dev", path = "/rights" } = {}) {
  const dashboard = await opened({ env, workloads, requests, ...options });
  const headers = { "x-headwind-proxy-secret": secret, "x-forwarded-user": user, "x-forwarded-groups": groups };
  const answer = await dashboard.get(path, headers);
  const text = await answer.text();
  return { ...dashboard, status: answer.status, text, main: parseMarkup(/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? "") };
}

s("who one is, by which proof, in which groups", async () => {
  const { main } = await open({}, { groups: "dev, ops" });
  assert.match(said(main), "To Headwind you are ann It knows because a trusted proxy says so");
  assert.match(said(main), "Your groups dev, ops");
});

s("who may all everywhere is not asked about namespaces, and nothing is missing", async () => {
  const { main, asked } = await open();
  assert.equal(rowOf(main, "rights-all"), {
    "Namespace": "all namespaces",
    "See updates": "Yes",
    "Approve, reject": "Yes",
    "Roll back, hold, resume, check": "Yes",
    "Retry": "Yes",
  });
  assert.equal(asked.filter((what) => /(shop|bank|mail)$/.test(what)), []);
  assert.not.match(said(main), "What is missing");
});

s("what is missing in which namespace, and the command that grants it", async () => {
  const may: OpenedOptions["may"] = (_, { verb, namespace }) =>
    verb === "list" || (verb === "approve" && namespace === "shop");
  const { main } = await open({ may });
  assert.is(rowOf(main, "rights-of-shop")["Approve, reject"], "Yes");
  assert.is(rowOf(main, "rights-of-bank")["Approve, reject"], "No");
  assert.is(rowOf(main, "rights-of-mail")["See updates"], "Yes");
  const commands = Object.fromEntries(
    all(main, "code").flatMap((code) => code.attributes.id ? [[code.attributes.id, said(code)]] : []),
  );
  assert.equal(commands, {
    "grant-approve":
      "kubectl create rolebinding headwind-approver-ann -n bank --clusterrole=headwind-approver --user=ann",
    "grant-change": "kubectl create rolebinding edit-ann -n bank --clusterrole=edit --user=ann",
    "grant-retry":
      "kubectl create role headwind-retry -n bank --verb=create,delete --resource=updaterequests.headwind.sh " +
      "kubectl create rolebinding headwind-retry-ann -n bank --role=headwind-retry --user=ann",
  });
  assert.match(said(main), "You lack it in 2 namespaces: bank, mail.");
});

s("who may change some kinds of workloads alone is told which they may not, and the role for those", async () => {
  const kind = (group: string, kind: string, plural: string) => ({ group, version: "v1", kind, plural });
  const workloadKinds = [kind("apps", "Deployment", "deployments"), kind("batch", "CronJob", "cronjobs")];
  const change: OpenedOptions["change"] = (context) => ({ ...context, workloadKinds });
  const jobs = workloadOf({ plugin: cronjob, name: "jobs", namespace: "shop" });
  const may: OpenedOptions["may"] = (_, { verb, resource, namespace }) =>
    verb !== "patch" || (namespace === "shop" && resource === "deployments");
  const { main } = await open({ may, change, workloads: [...workloads, jobs] });
  assert.is(rowOf(main, "rights-of-shop")["Roll back, hold, resume, check"], "Yes, but of cronjobs");
  assert.is(rowOf(main, "rights-of-bank")["Roll back, hold, resume, check"], "No");
  assert.match(said(main), "You lack it in 3 namespaces: bank, mail, shop (of cronjobs.batch).");
  assert.match(said(main), "kubectl create rolebinding edit-ann -n bank --clusterrole=edit --user=ann");
  const shop = await open({ may, change, workloads: [workloads[0]!, jobs], requests: [] });
  assert.match(
    said(shop.main),
    "kubectl create role headwind-change -n shop --verb=patch --resource=cronjobs.batch " +
      "kubectl create rolebinding headwind-change-ann -n shop --role=headwind-change --user=ann",
  );
});

s("namespaces in which one may nothing are not named, and are asked about by their name", async () => {
  const may: OpenedOptions["may"] = (_, { verb, namespace }) => verb === "list" && namespace === "shop";
  const { main } = await open({ may });
  assert.is(rowOf(main, "rights-of-shop")["See updates"], "Yes");
  assert.not.match(said(main), /bank|mail/);
  assert.match(said(main), "2 namespaces in which you may do nothing are left out");
  const one = await open({ may }, { path: "/rights?namespace=bank" });
  assert.is(rowOf(one.main, "rights-of-bank")["See updates"], "No");
  const nothing = await open({ may: () => false });
  assert.match(said(nothing.main), "3 namespaces in which you may do nothing are left out");
  assert.match(said(nothing.main), "-n NAMESPACE --clusterrole=headwind-approver");
});

s("of many namespaces some are asked about, and one by its name", async () => {
  const many = Array.from({ length: 200 }, (_, at) => workloadOf({ namespace: `team-${at}` }));
  const { main, asked } = await open({ may: (_, { verb }) => verb === "list", workloads: many, requests: [] });
  assert.match(said(main), "175 more namespaces were not asked about");
  assert.ok(asked.length <= 25 * 6 + 20, `${asked.length} questions`);
  const one = await open({ may: () => false, workloads: many }, { path: "/rights?namespace=team-150" });
  assert.is(rowOf(one.main, "rights-of-team-150")["See updates"], "No");
  assert.equal(all(one.main, "tr").filter(({ attributes }) => attributes.id?.startsWith("rights-of-")).length, 1);
  assert.is((await open({}, { path: "/rights?namespace=<b>" })).status, 400);
});

s("a name of a service account, and one that a shell would read as more than a word", async () => {
  const may = () => false;
  const tokens = new Map([["opaque", "system:serviceaccount:shop:ann"]]);
  const dashboard = await opened({ env: { HEADWIND_UI_AUTH_MODE: "token" }, tokens, workloads, may });
  const text = await (await dashboard.get("/rights", { authorization: "Bearer opaque" })).text();
  assert.match(text, "headwind-approver-ann -n NAMESPACE --clusterrole=headwind-approver --serviceaccount=shop:ann");
  const { main } = await open({ may }, { user: "a'b; rm -rf $HOME" });
  assert.match(
    said(main),
    `headwind-approver-a-b-rm-rf-home -n NAMESPACE --clusterrole=headwind-approver --user='a'\\''b; rm -rf $HOME'`,
  );
});

s("that Headwind itself may not write it down", async () => {
  const { main } = await open({
    change: (context) => ({
      ...context,
      callers: { ...context.callers, itself: ({ verb }) => Promise.resolve(verb !== "approve") },
    }),
  });
  assert.match(said(main), "deploy/components/vouched-approvals");
});

s("where nobody is asked who they are, it says what that means", async () => {
  assert.match(said(await openPage("/rights")), "everybody reads, and nobody changes anything");
  assert.match(said(await openPage("/rights", { open: true })), "anybody decides");
});

s("names and groups of strangers are text", async () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    const user = text.replaceAll(/[^\x20-\x7e]/g, "").slice(0, 500).trim();
    if (user === "") continue;
    const { text: html, status } = await open({ may: () => false }, { user, groups: user });
    assert.is(status, 200, name);
    assert.not.match(html, HOSTILE_MARKUP, name);
  }
});

s.run();
