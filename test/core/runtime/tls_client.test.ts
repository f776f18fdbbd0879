import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rootCertificates } from "node:tls";
import { createTlsClient } from "../../../core/runtime/tls_client.ts";

const s = suite("requests over TLS connections of one's own");
const [ca] = rootCertificates as [string];
const onDeno = "Deno" in globalThis;

const other = { send: () => ({ response: Promise.reject(new Error("otherwise")), cut() {} }), close() {} };
const message = (promise: Promise<unknown>) => promise.then(() => "none", (error: Error) => error.message);

s("they are asked on Deno, without a proxy, of an address", () => {
  const isAsked = (server: string, env = {}) => {
    const http = createTlsClient(server, ca, env, () => other);
    http.close();
    return http !== other;
  };
  assert.equal([isAsked("https://10.0.0.1:443"), isAsked("https://[fd00::1]:443")], [onDeno, onDeno]);
  // of several addresses of a name one may be dead
  assert.not(isAsked("https://kubernetes.example:443"));
  assert.not(isAsked("https://10.0.0.1:443", { HTTPS_PROXY: "http://proxy.example" }));
});

s("an authority that cannot be read is told at the start", () => {
  if (onDeno) {
    assert.throws(() => createTlsClient("https://10.0.0.1", ca.slice(0, 300), {}, () => other), /certificate/i);
  }
});

s("of a server that takes connections and never speaks only so many are waited for", async () => {
  if (!onDeno) return;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = `https://127.0.0.1:${listener.addr.port}`;
  const http = createTlsClient(server, ca, {}, () => other, 2);
  const send = () => http.send({ method: "GET", url: `${server}/version`, headers: {} });
  const accepted: Deno.Conn[] = [];
  for (let count = 0; count < 2; count++) {
    const asked = send();
    accepted.push(await listener.accept());
    asked.cut();
    assert.match(await message(asked.response), "given up");
  }
  assert.is(await message(send().response), "otherwise");
  for (const connection of accepted) connection.close();
  await new Promise((done) => setTimeout(done, 100));
  const again = send();
  accepted.push(await listener.accept());
  again.cut();
  accepted[2]!.close();
  await message(again.response);
  listener.close();
  http.close();
});

s.run();
