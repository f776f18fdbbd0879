import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DashboardContextChanges } from "../../../support/build/dashboard_context.ts";
import { workloadOf } from "../../../support/build/workload.ts";
import { createRegistryStates, type RegistryStates } from "../../../../core/registry/registry_states.ts";
import { RegistryError } from "../../../../core/registry/registry_error.ts";
import { all } from "../../../support/markup.ts";
import { openPage, rowOf, said } from "../../../support/open_page.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";

const s = suite("ui/web, page of registries");
const noon = "2026-11-30T12:00:00Z";

function states(fill: (states: RegistryStates) => void): RegistryStates {
  const made = createRegistryStates({ nameOf: (host) => host, now: () => new Date(noon) });
  fill(made);
  return made;
}

const open = (changes: DashboardContextChanges = {}) =>
  openPage("/registries", { workloads: [workloadOf()], ...changes });

s("each host with its quota, its last poll, its errors and until when it is left alone", async () => {
  const registries = states((states) => {
    const headers = new Headers({ "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "76;w=21600" });
    states.requested({ host: "docker.io", kind: "manifest", status: 200, who: "", headers });
    states.polled("docker.io/library/app", "1 tags", ["Deployment/default/web app"]);
    states.requested({ host: "ghcr.io", kind: "tags", status: 429, who: "abc" });
    const message = "ghcr.io answered 429 and wants no requests for 90 s.";
    const details = { status: 429, retryAfterSeconds: 90 };
    states.failed("ghcr.io", "abc", new RegistryError("rate-limited", "ghcr.io", message, details));
    states.polled("ghcr.io/acme/api", "2 tags", [], message);
  });
  const page = await open({ registries });
  assert.equal(rowOf(page, "registry-docker.io"), {
    "Host": "docker.io",
    "State": "Read",
    "Quota left": "76 of 100 in 6 h without a login, told 2026-11-30 12:00 UTC",
    "Last poll": "2026-11-30 12:00 UTC, read",
    "Last request": "2026-11-30 12:00 UTC, 200",
    "Last error": "none",
    "429": "none",
    "Workloads": "1",
  });
  const ghcr = rowOf(page, "registry-ghcr.io");
  assert.is(ghcr.State, "Left alone with one login, asked again 2026-11-30 12:01 UTC");
  assert.match(ghcr["Last error"]!, "wants no requests for 90 s.");
  assert.is(ghcr["429"], "1, the last 2026-11-30 12:00 UTC");
  assert.is(ghcr["Last poll"], "2026-11-30 12:00 UTC, failed");
  assert.is(rowOf(page, "failing-ghcr.io/acme/api-0").Repository, "ghcr.io/acme/api");
  const hosts = all(page, "tr").flatMap(({ attributes }) =>
    attributes.id?.startsWith("registry-") ? [attributes.id] : []
  );
  assert.equal(hosts, ["registry-ghcr.io", "registry-docker.io"]);
});

s("a quota that is used up or nearly so is a state, the least of several logins", async () => {
  const quotas: [remaining: number, expected: string][] = [[0, "0 of 100"], [9, "9 of 100"]];
  for (const [remaining, expected] of quotas) {
    const registries = states((states) => {
      for (const [who, left] of [["", 50], ["abc", remaining]] as const) {
        const headers = new Headers({ "ratelimit-limit": "100", "ratelimit-remaining": String(left) });
        states.requested({ host: "docker.io", kind: "manifest", status: 200, who, headers });
      }
    });
    const quota = rowOf(await open({ registries }), "registry-docker.io")["Quota left"]!;
    assert.ok(quota.startsWith(`${expected} with a login, the least of 2 logins`), quota);
  }
});

s("a replica that does not poll says so, and who does", async () => {
  assert.match(said(await open()), "This replica, replica-0, holds the Lease and polls. It has not polled yet.");
  const other = said(await open({ leads: false, leader: "headwind-1" }));
  assert.match(other, "This replica, replica-0, does not poll: headwind-1 holds the Lease.");
  assert.match(said(await open({ leads: false })), "nobody is known to hold the Lease");
});

s("hosts that nobody has asked yet stand there too, and without workloads the next step does", async () => {
  const { State: state, "Last poll": poll } = rowOf(await open(), "registry-docker.io");
  assert.equal([state, poll], ["Not asked", "never"]);
  assert.match(said(await open({ workloads: [] })), "kubectl annotate deployment/NAME headwind.sh/policy=minor");
});

s("who sees one namespace alone sees the hosts of its workloads, and no other's repository", async () => {
  const registries = states((states) => {
    states.polled("ghcr.io/bank/vault", "1 tags", [], "ghcr.io/bank/vault was refused");
    states.requested({ host: "registry.bank.example", kind: "tags", status: 200, who: "" });
  });
  const workloads = [
    workloadOf({ namespace: "shop", image: "ghcr.io/shop/web:1.0.0" }),
    workloadOf({ namespace: "bank", image: "ghcr.io/bank/vault:1.0.0" }),
  ];
  const env = { HEADWIND_UI_AUTH_MODE: "simple", HEADWIND_UI_TRUSTED_PROXIES: "127.0.0.1" };
  const open = (mayDo: DashboardContextChanges["mayDo"]) =>
    openPage("/registries", { registries, workloads, env, ...(mayDo ? { mayDo } : {}) }, { "x-user": "ann" });
  const some = await open(({ namespace }) => namespace === "shop");
  assert.is(rowOf(some, "registry-ghcr.io").Workloads, "1");
  assert.match(said(some), "namespaces whose UpdateRequests you may list");
  assert.not.match(said(some), "bank");
  assert.match(said(await open(() => true)), "ghcr.io/bank/vault was refused");
  assert.match(said(await open(() => false)), "No workload that you may see uses a registry");
});

s("names and errors that hold markup are texts", async () => {
  for (const text of Object.values(HOSTILE)) {
    const registries = states((states) => {
      states.failed(text, "", new RegistryError("garbage", text, text));
      states.polled(text, "1 tags", [], text);
    });
    const page = await open({ registries, leads: false, leader: text });
    // half of a pair of surrogates has no bytes in UTF-8
    const shown = text.replaceAll(/\s+/g, " ").trim().toWellFormed().slice(0, 20);
    assert.ok(said(page).toWellFormed().includes(shown), text);
  }
});

s.run();
