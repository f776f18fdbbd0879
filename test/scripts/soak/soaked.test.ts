import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseArguments } from "../../../scripts/soak/arguments.ts";
import { faultsOf, rowsOf, type Soaked } from "../../../scripts/soak/soaked.ts";
import { settingsOf } from "../../../scripts/soak/settings.ts";

const s = suite("soak");
const twice = (ms: number, usual: number) => ms <= 2 * usual;
const good: Soaked = {
  attacks: ["one"],
  seconds: 20,
  victims: [{ name: "victim 1", usual: 100, times: [150, 90, 300], adjusted: [150, 90, 200] }],
  failures: [],
  unbegun: [],
  mostMemory: 120,
  leasesLost: 0,
  restarts: 0,
  end: { how: "status 0", ms: 4_000 },
};

s("what is as it has to be has no faults, and each thing that is not is told", () => {
  assert.equal(faultsOf(good, twice), []);
  const bad: Soaked = {
    ...good,
    victims: [{ name: "victim 1", usual: 100, times: [201], adjusted: [201] }, {
      name: "victim 2",
      usual: 100,
      times: [],
      adjusted: [],
    }],
    failures: ["the attack one did not begin: no"],
    mostMemory: 257,
    leasesLost: 1,
    restarts: 2,
    end: { how: "SIGKILL", ms: 60_000 },
  };
  assert.equal(faultsOf(bad, twice), [
    "the attack one did not begin: no",
    "victim 1 was updated after 201 ms, usually 100 ms",
    "victim 2 was not updated at all",
    "it took 257 MB, 256 are allowed",
    "it lost the Lease 1 times",
    "it restarted 2 times",
    "it ended with SIGKILL after 60000 ms",
  ]);
});

s("an attack has some time to begin", () => {
  assert.equal(faultsOf({ ...good, unbegun: ["one"] }, twice), []);
  assert.equal(faultsOf({ ...good, seconds: 120, unbegun: ["one"] }, twice), ["one did not begin in 120 s"]);
});

s("its tables have a row for each victim", () => {
  const { times, rest } = rowsOf(good);
  assert.equal(times[1], ["victim 1", "100", "3", "150", "300", "200"]);
  assert.equal(rest[1], ["highest memory", "120 MB"]);
  const none = { name: "victim 2", usual: 100, times: [], adjusted: [] };
  assert.equal(rowsOf({ ...good, victims: [none] }).times[1], ["victim 2", "100", "0", "–", "–", "–"]);
});

s("its command line", () => {
  assert.equal(parseArguments(["strangers"]), { seconds: 120, only: [], list: false, help: false });
  const all = parseArguments(["strangers", "--seconds", "9", "--only", "a", "--only", "b", "--list"]);
  assert.equal(all, { seconds: 9, only: ["a", "b"], list: true, help: false });
  assert.throws(() => parseArguments([]), "there is one soak, strangers");
  assert.throws(() => parseArguments(["strangers", "--seconds", "0"]), "not a whole number above 0");
});

s("what attacks need of the operator is put together, unless they contradict each other", () => {
  const attack = (name: string, env: Record<string, string>) => ({ name, env });
  const [one, two] = [attack("one", { A: "1", B: "2" }), attack("two", { B: "2", C: "3" })];
  assert.equal(settingsOf([one, two]), { A: "1", B: "2", C: "3" });
  assert.throws(() => settingsOf([one, attack("three", { A: "0" })]), "three wants A=0, and one wants 1");
});

s.run();
