import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as assert from "uvu/assert";
import { metric } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { openOperator, type OperatorFixture } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("bad registries");

let { fixture, ns, operator } = {} as OperatorFixture;

s.before(async () => void ({ fixture, ns, operator } = await openOperator("bad-registry")));

s.after(() => fixture.stop());

const nonsense: {
  what: string;
  answer(path: string): { status?: number; headers?: Record<string, string>; body: string };
}[] = [
  { what: "answers garbage", answer: () => ({ body: "<html>it works</html>" }) },
  { what: "answers a list that is none", answer: () => ({ body: '{"name":"app","tags":{"1.1.0":true}}' }) },
  {
    what: "loops its paging",
    answer: () => ({
      headers: { link: '</v2/app/tags/list?n=100&last=1.1.0>; rel="next"' },
      body: '{"name":"app","tags":["1.0.0","1.1.0"]}',
    }),
  },
  {
    what: "stops halfway",
    answer: (path) =>
      path.includes("last=") ? { status: 500, body: "" } : {
        headers: { link: '</v2/app/tags/list?n=1&last=1.1.0>; rel="next"' },
        body: '{"name":"app","tags":["1.1.0"]}',
      },
  },
];

for (const { what, answer } of nonsense) {
  s(`a registry that ${what} decides nothing`, async () => {
    const server: Server = createServer(({ url = "" }, outgoing) => {
      if (url === "/v2/") return void outgoing.end("{}");
      const { status = 200, headers = {}, body } = answer(url);
      outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const name = `polls-${what.replaceAll(" ", "-")}`;
    const image = `127.0.0.1:${(server.address() as AddressInfo).port}/app:1.0.0`;
    const annotations = { "event-source": "polling", "polling-interval": "1", "require-approval": "false" };
    const errors = async () => await metric(operator.metrics, "headwind_polling_errors_total") ?? 0;
    const before = await errors();
    const polled = await ns.create(deployment({ name, image, annotations }));
    await eventually("the failure is counted", async () => await errors() > before, { seconds: 60 });
    assert.is((await ns.images("Deployment", name)).app, image);
    assert.equal((await ns.requests()).filter(({ spec }) => spec.targetRef.name === name), []);
    await ns.remove(polled);
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  });
}

s("no error was left unhandled", async () => {
  assert.not.match(await operator.logs(), /unhandled|uncaught|TypeError/i);
});

s.run();
