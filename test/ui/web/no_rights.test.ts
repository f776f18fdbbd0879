import * as assert from "uvu/assert";
import { suite } from "uvu";
import { opened } from "./identity/opened.ts";
import { pages } from "../../../ui/web/pages.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("what who may nothing sees");
const hidden = "hidden-place";
const secret = "a-secret-of-16-characters";
const as = { "x-headwind-proxy-secret": secret, "x-forwarded-user": "eve" };
const env = { HEADWIND_UI_AUTH_MODE: "proxy", HEADWIND_PROXY_SECRET: secret };
const name = "hidden-update";
const requests = [
  requestOf({ namespace: hidden, name }),
  requestOf({ namespace: hidden, name: `${name}-done`, phase: "Completed" }),
  requestOf({ namespace: hidden, name: `${name}-failed`, phase: "Failed" }),
  requestOf({ namespace: hidden, name: `${name}-runs`, phase: "Verifying" }),
];
const workloads = [workloadOf({ namespace: hidden, name: "hidden-workload", image: "reg.example/hidden-image:1.0.0" })];
const named: Record<string, string> = { namespace: hidden, name, kind: "Deployment" };

for (const { path } of pages) {
  const address = path.replaceAll(/:(\w+)/g, (_, part: string) => named[part] ?? part);
  s(`${path}: nothing of what is there`, async () => {
    const { get } = await opened({ env, requests, workloads, may: () => false });
    for (const query of ["", `?namespace=${hidden}`, `?q=hidden`]) {
      const answer = await get(address + query, as);
      assert.ok(answer.status < 500, `${address + query}: ${answer.status}`);
      // the address is what they typed themselves
      const typed = [address, encodeURIComponent(address), `${hidden}/${name}`];
      const said = typed.reduce((text, part) => text.replaceAll(part, ""), await answer.text());
      assert.not.match(said, /hidden-(?:update|workload|image)/, address + query);
    }
  });
}

s("not even how many there are", async () => {
  const { get } = await opened({ env, requests, workloads, may: () => false });
  const text = await (await get("/", as)).text();
  assert.match(text, "<b>0</b> workloads");
  assert.match(text, "No workload that you may see");
});

s("of one namespace it is as if there were nothing, whether there is or not: the same answer", async () => {
  const { get } = await opened({ env, requests, workloads, may: () => false });
  const there = [`/updates/${hidden}/${name}`, `/workloads/Deployment.apps/${hidden}/hidden-workload`];
  for (const path of there) {
    const answers = await Promise.all([path, path.replace(/[^/]+$/, "none")].map(async (path) => {
      const answer = await get(path, as);
      return [answer.status, [...answer.headers], (await answer.text()).replaceAll(path, "")];
    }));
    assert.is((answers[0] as unknown[])[0], 403);
    assert.equal(answers[0], answers[1], path);
  }
});

s("but one who may read sees them", async () => {
  const { get } = await opened({ env, requests, workloads });
  assert.match(await (await get("/updates", as)).text(), name);
});

s.run();
