// Runs the test files it is given in this one process, one after the other, until one fails. Prints the name of each that
// passed.
import process from "node:process";
import { pathToFileURL } from "node:url";

type Run = () => Promise<[errors: true | string]>;

// as `uvu` itself keeps the suites that are to be run when its own command line runs them
const queue: Run[] = [];
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue] });
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

for (const file of process.argv.slice(2)) {
  await import(pathToFileURL(file).href);
  for (const run of queue.splice(0)) {
    const [errors] = await run();
    if (errors !== true) process.exit(1);
  }
  print(`${file}\n`);
}
process.exit(0);
