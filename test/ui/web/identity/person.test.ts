import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createCallers, type ProvenCaller } from "../../../../core/server/callers.ts";
import { createPeople } from "../../../../ui/web/identity/person.ts";
import { dashboardContext } from "../../../support/build/dashboard_context.ts";
import type { Approvals } from "../../../../core/server/approval_guard.ts";
import type { ResourceAttributes } from "../../../../core/kube/access.ts";

const s = suite("persons and their rights");
type May = (right: ResourceAttributes, user: string) => boolean;
const right = (verb: string, namespace = "shop"): ResourceAttributes => ({
  verb,
  group: "headwind.sh",
  resource: "updaterequests",
  namespace,
  name: "",
});

function people({ may = () => true, itself = () => true, approvals = "enforced" }: {
  may?: May;
  itself?: (right: ResourceAttributes) => boolean;
  approvals?: Approvals;
} = {}) {
  const asked: string[] = [];
  const callers = createCallers({
    open: false,
    holderOf: () => Promise.reject(new Error("nobody has a token")),
    async mayDo({ user }, right) {
      asked.push(`${user} ${right.verb} ${right.namespace}`);
      return may(right, user);
    },
    async itself(right) {
      asked.push(`headwind ${right.verb} ${right.namespace}`);
      return itself(right);
    },
  });
  const context = dashboardContext();
  const personOf = createPeople({ ...context, callers, health: { ...context.health, approvals: () => approvals } });
  const known = (user: string, groups: string[] = []) =>
    personOf({ caller: callers.vouch({ user, groups }), proof: "oidc" });
  return { known, asked, personOf };
}

s("a right is asked about once in a while, for each person", async () => {
  const { known, asked } = people({ may: ({ namespace }) => namespace === "shop" });
  const [ann, again, bob] = [await known("ann"), await known("ann"), await known("bob")];
  for (const person of [ann, again, bob]) assert.ok(await person.may(right("list")));
  assert.equal(asked.filter((what) => what.endsWith("list shop")), ["ann list shop", "bob list shop"]);
  assert.is(ann.sharedKey, again.sharedKey);
  assert.is.not(ann.sharedKey, bob.sharedKey);
  assert.is.not(ann.sharedKey, (await known("ann", ["dev"])).sharedKey);
});

s("who may all sees what others see who may all", async () => {
  const { known } = people({ may: (_, user) => user !== "eve" });
  assert.is((await known("ann")).sharedKey, (await known("bob", ["dev"])).sharedKey);
  assert.is.not((await known("ann")).sharedKey, (await known("eve")).sharedKey);
});

s("one right less is another picture: each that a page asks about counts", async () => {
  for (const verb of ["list", "get", "approve", "patch", "create", "delete"]) {
    const { known } = people({ may: (right, user) => user === "ann" || right.verb !== verb });
    assert.is.not((await known("ann")).sharedKey, (await known("bob")).sharedKey, verb);
  }
});

s("of what Headwind would write for somebody, and may not itself, there is no button", async () => {
  const { known } = people({ itself: ({ verb }) => verb !== "approve" });
  const ann = await known("ann");
  assert.not.ok(await ann.may(right("approve")));
  assert.ok(await ann.may(right("patch")));
  assert.ok(await ann.may(right("list")));
  const unguarded = await people({ itself: ({ verb }) => verb !== "approve", approvals: "unenforced" }).known("ann");
  assert.ok(await unguarded.may(right("approve")), "where no policy asks Headwind for it");
});

s("who brings a token writes by its rights alone", async () => {
  const { personOf, asked } = people({ itself: () => false });
  const request = async () => ({ status: { allowed: true } });
  const caller = { kind: "token", user: "ann", groups: [], client: { request } } as unknown as ProvenCaller;
  const ann = await personOf({ caller, proof: "token" });
  assert.ok(await ann.may(right("approve")));
  assert.equal(asked, []);
});

s("a decision by a token is a patch by it, and takes that right too", async () => {
  const { personOf } = people();
  const holding = (...verbs: string[]) => {
    const request = async (
      _: string,
      __: string,
      { body }: { body: { spec: { resourceAttributes: { verb: string } } } },
    ) => ({
      status: { allowed: verbs.includes(body.spec.resourceAttributes.verb) },
    });
    const caller = { kind: "token", user: verbs.join(), groups: [], client: { request } } as unknown as ProvenCaller;
    return personOf({ caller, proof: "token" });
  };
  assert.ok(await (await holding("approve", "patch")).may(right("approve")));
  for (const verbs of [["approve"], ["patch"], []]) {
    assert.not.ok(await (await holding(...verbs)).may(right("approve")));
  }
});

s.run();
