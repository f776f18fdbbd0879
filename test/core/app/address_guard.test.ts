import * as assert from "uvu/assert";
import { suite } from "uvu";
import { RefusedAddress } from "../../../core/runtime/egress_guard.ts";
import { addressGuardOf } from "../../../core/app/operator_context.ts";
import { sendByFetch } from "../../../core/runtime/http_request.ts";
import { coreSettings } from "../../../core/app/setting_schema.ts";

const s = suite("what workloads may have asked");

const connection = (inCluster: boolean) => ({
  server: "https://127.0.0.1:6443",
  namespace: "headwind-system",
  inCluster,
  send: sendByFetch(fetch),
  sendAsNobody: sendByFetch(fetch),
  authorization: async () => ({}),
  describe: "",
  close() {},
});
async function asked(url: string, { inCluster = true, env = {} as Record<string, string> } = {}): Promise<boolean> {
  const config = coreSettings.parse(env);
  const { check } = addressGuardOf(config, connection(inCluster), { POD_IP: "10.1.2.3", ...env });
  try {
    await check(new URL(url));
    return true;
  } catch (error) {
    if (error instanceof RefusedAddress) return false;
    // there is no such name
    return true;
  }
}

s("loopback is for a person's machine, or where an administrator says so", async () => {
  assert.not(await asked("http://127.0.0.1:5000/v2/"));
  assert.ok(await asked("http://127.0.0.1:5000/v2/", { inCluster: false }));
  assert.ok(await asked("http://127.0.0.1:5000/v2/", { env: { HEADWIND_ALLOWED_ADDRESSES: "127.0.0.0/8" } }));
  assert.not(await asked("http://169.254.169.254/", { inCluster: false }));
  assert.throws(() => coreSettings.parse({ HEADWIND_ALLOWED_ADDRESSES: "localhost" }), /addresses or ranges/);
});

s("the API server and the operator's own ports are nobody's", async () => {
  const env = { HEADWIND_ALLOWED_ADDRESSES: "127.0.0.0/8" };
  for (const url of ["https://127.0.0.1:6443/", "http://127.0.0.1:8081/", "http://10.1.2.3:9090/metrics"]) {
    assert.not(await asked(url, { env }), url);
    assert.not(await asked(url, { env, inCluster: false }), url);
  }
  assert.ok(await asked("http://10.1.2.3:5000/"));
});

s("nor are its Services, by any of their names", async () => {
  for (
    const name of ["headwind-api", "headwind-api.headwind-system", "headwind-api.headwind-system.svc.cluster.local"]
  ) assert.not(await asked(`http://${name}:8081/`), name);
  assert.ok(await asked("http://headwind-api.invalid:8081/"));
});

s.run();
