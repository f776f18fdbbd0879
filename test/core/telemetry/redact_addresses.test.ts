import { suite } from "uvu";
import * as assert from "uvu/assert";
import { redactAddresses } from "../../../core/telemetry/redact.ts";

const s = suite("errors without addresses");

s("pods' addresses are left out, all else stays", () => {
  const cases: [text: string, told: string][] = [
    [
      "error sending request from 10.1.2.3:46582 for http://web:80/ (10.96.0.7:80): client error",
      "error sending request from … for http://web:80/ (…): client error",
    ],
    ["connect ECONNREFUSED 10.1.2.3:443", "connect ECONNREFUSED …"],
    ["connect EHOSTUNREACH fd00:10:244::1a:443 - Local (:::0)", "connect EHOSTUNREACH … - Local (…)"],
    ["dial [fe80::1%eth0]:8080 and [fd00::7]", "dial … and …"],
    ["https://10.96.0.1:443/api", "https://…/api"],
    [
      "at 12:30:45 app:1.2.3 of reg.example:5000/a.b and v1.2.3.4.5",
      "at 12:30:45 app:1.2.3 of reg.example:5000/a.b and v1.2.3.4.5",
    ],
  ];
  for (const [text, told] of cases) assert.is(redactAddresses(text), told);
});

s("a very long error is cut before it is looked through, and no address in two", () => {
  const words = "x".repeat(2_035);
  assert.is(redactAddresses(`${words} from 10.96.0.7 and 10.96.0.8`), `${words} from …`);
  assert.is(redactAddresses(":".repeat(1_000_000)), " …");
});

s.run();
