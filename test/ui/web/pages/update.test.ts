import { suite } from "uvu";
import * as assert from "uvu/assert";
import createDashboard from "../../../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "../../../support/build/dashboard_context.ts";
import { requestOf } from "../../../support/build/update_request.ts";
import { workloadOf } from "../../../support/build/workload.ts";
import type { ImageOrigin } from "../../../../core/web.ts";

const s = suite("ui/web, page of one update");

const steps = [
  { at: "2026-01-01T11:00:01Z", phase: "Pending", reason: "WaitingForApproval", message: "it waits for an approval" },
] as const;
const waiting = requestOf({ requireApproval: true, phase: "Pending", reason: "WaitingForApproval", steps });

async function open(changes: DashboardContextChanges & { origins?: Record<string, ImageOrigin> } = {}) {
  const { origins, ...rest } = changes;
  const context = dashboardContext({ requests: [waiting], workloads: [workloadOf()], open: true, ...rest });
  if (origins) context.originOf = (_, image) => Promise.resolve(origins[image]);
  const dashboard = await createDashboard(context);
  return async (path: string) => {
    const answer = await dashboard.fetch(new Request(`http://127.0.0.1:8082${path}`), { address: "127.0.0.1" });
    return { status: answer.status, text: await answer.text() };
  };
}

s("says what changes, what is asked, what holds it, what happened and what is written", async () => {
  const { status, text } = await (await open())("/updates/default/a");
  assert.is(status, 200, text);
  for (
    const part of [
      /app:1\.<\/?\w*>?|app:.*1\.0\.0/,
      'action="/updates/default/a/approve"',
      'formaction="/updates/default/a/reject"',
      "it waits for an approval",
      "webhook (registry)",
      "image: app:1.1.0",
    ]
  ) assert.match(text, part);
});

s("asks nothing of who may not decide, and says where to read why", async () => {
  const { text } = await (await open({ open: false }))("/updates/default/a");
  assert.not.match(text, "<button id");
  assert.match(text, 'href="/rights"');
});

s("what was decided says by whom, and has no buttons", async () => {
  const decided = requestOf({
    phase: "Verifying",
    appliedAt: "2026-01-01T11:05:00Z",
    decision: { approved: true, by: "ann", via: "dashboard", reason: "looks good" },
  });
  const { text } = await (await open({ requests: [decided] }))("/updates/default/a");
  assert.match(text, /Approved by <b>ann<\/b> \(dashboard\)[\s\S]*looks good/);
  assert.not.match(text, 'id="approve"');
});

s("what was rejected is told once in each place: by whom, why, and that it is finished", async () => {
  const rejected = requestOf({
    phase: "Rejected",
    reason: "Rejected",
    message: "rejected by ann: freeze",
    decision: { approved: false, by: "ann", via: "kubectl", reason: "freeze" },
    steps: [...steps, {
      at: "2026-01-01T11:05:00Z",
      phase: "Rejected",
      reason: "Rejected",
      message: "rejected by ann: freeze",
    }],
  });
  const { text } = await (await open({ requests: [rejected] }))("/updates/default/a");
  assert.not.match(text, /<section id="(holds|timeline)">(?:(?!<\/section>)[\s\S])*rejected by ann/);
  assert.match(
    text,
    /Rejected<\/span>\s*<div class="told">\s*<span class="who">by ann \(kubectl\):<\/span>\s*<span class="said">freeze/,
  );
  const list = (await (await open({ requests: [rejected] }))("/updates")).text;
  assert.is(list.match(/rejected by ann: freeze/g)!.length, 1);
});

s("compares the sources of both images where they say them, and else says why not", async () => {
  const source = "https://github.com/team/web";
  const origins = {
    "app:1.0.0": { source, revision: "aaaaaaa", created: "2026-01-01T00:00:00Z" },
    "app:1.1.0": { source, revision: "bbbbbbb" },
  };
  const both = await (await open({ origins }))("/updates/default/a");
  assert.match(both.text, 'href="https://github.com/team/web/compare/aaaaaaa...bbbbbbb"');
  const one = await (await open({ origins: { "app:1.0.0": origins["app:1.0.0"] } }))("/updates/default/a");
  assert.match(one.text, "one image does not carry");
  assert.match((await (await open())("/updates/default/a")).text, "the registry has neither image");
});

s("one that is not there is 404 in words", async () => {
  const { status, text } = await (await open())("/updates/default/b");
  assert.is(status, 404);
  assert.match(text, "there is no UpdateRequest default/b");
});

s("one of a workload that is gone is shown all the same", async () => {
  const { status, text } = await (await open({ workloads: [] }))("/updates/default/a");
  assert.is(status, 200);
  assert.match(text, "Deployment web is not there");
});

s("an update that has ended is made anew by who may, and offers it to nobody else", async () => {
  const ended = requestOf({ requireApproval: true, phase: "Rejected", decision: { approved: false, by: "bob" } });
  const { text } = await (await open({ requests: [ended] }))("/updates/default/a");
  assert.match(text, 'action="/updates/default/a/retry"');
  const { text: reads } = await (await open({ requests: [ended], open: false }))("/updates/default/a");
  assert.not.match(reads, "/retry");
});

s.run();
