import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeClient } from "../../../core/kube/client.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { secretReader } from "../../../core/kube/secret_reader.ts";

const s = suite("Secrets and service accounts, read when they are needed");

function reader(answer: (path: string) => unknown) {
  const asked: string[] = [];
  const request = async (_method: string, path: string) => {
    asked.push(path);
    await new Promise((done) => setTimeout(done, 1));
    return answer(path);
  };
  return { asked, secrets: secretReader({ request } as unknown as KubeClient) };
}

s("who asks for one that is being read gets the same answer, and the next asks anew", async () => {
  let version = 1;
  const { asked, secrets } = reader(() => ({ type: `v${version}` }));
  const all = await Promise.all([
    secrets.getSecret("a", "pull"),
    secrets.getSecret("a", "pull"),
    secrets.getSecret("b", "pull"),
    secrets.getServiceAccount("a", "pull"),
  ]);
  assert.is(all.length, 4);
  assert.equal(asked, [
    "/api/v1/namespaces/a/secrets/pull",
    "/api/v1/namespaces/b/secrets/pull",
    "/api/v1/namespaces/a/serviceaccounts/pull",
  ]);
  version = 2;
  assert.equal(await secrets.getSecret("a", "pull"), { type: "v2" });
});

s("one that is not there is undefined; a refusal is thrown to all who wait", async () => {
  const gone = reader(() => {
    throw new KubeError(404, "NotFound", "no");
  });
  assert.is(await gone.secrets.getSecret("a", "pull"), undefined);
  const refused = reader(() => {
    throw new KubeError(403, "Forbidden", "no");
  });
  const asked = [refused.secrets.getSecret("a", "pull"), refused.secrets.getSecret("a", "pull")];
  const all = await Promise.allSettled(asked);
  assert.equal(all.map(({ status }) => status), ["rejected", "rejected"]);
});

s("a service account's names of Secrets are kept for ten seconds, and no more than that of it", async () => {
  let time = 0;
  let names = ["first"];
  let asked = 0;
  const request = async () => {
    asked++;
    return { metadata: { name: "default" }, imagePullSecrets: names.map((name) => ({ name })) };
  };
  const { getServiceAccount } = secretReader({ request } as unknown as KubeClient, () => time);
  const read = async () => (await getServiceAccount("a", "default"))?.imagePullSecrets?.map(({ name }) => name);
  assert.equal([await read(), await read(), asked], [["first"], ["first"], 1]);
  names = ["second"];
  time = 9_999;
  assert.equal(await read(), ["first"]);
  time = 10_000;
  assert.equal([await read(), asked], [["second"], 2]);
});

s.run();
