import { join } from "node:path";
import process from "node:process";
import { assets } from "./testbed/assets.ts";
import { startControlPlane } from "./testbed/controlplane.ts";
import { startRegistry } from "./testbed/registry.ts";

const usage = `usage: testbed assets    build what is missing and print the folder of the binaries
       testbed up        start a control plane and a registry; stays until Ctrl-C
       testbed --help`;

const progress = (line: string) => console.error(line);

async function up(): Promise<void> {
  await assets(progress);
  let stopped = () => {};
  const signal = new Promise<void>((resolve) => stopped = resolve);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stopped());
  console.error("starting the control plane and the registry");
  const controlPlane = await startControlPlane({ progress });
  const registry = await startRegistry({ dir: join(controlPlane.dir, "registry") });
  console.log(`API server  ${controlPlane.url}`);
  console.log(`registry    ${registry.url}`);
  console.log(`logs        ${controlPlane.dir}`);
  console.log(`export KUBECONFIG=${controlPlane.kubeconfig}`);
  console.error("up; Ctrl-C stops it");
  const staying = setInterval(() => {}, 60_000);
  await signal;
  clearInterval(staying);
  console.error("stopping");
  await registry.stop();
  await controlPlane.stop();
}

const [command, ...rest] = process.argv.slice(2);
try {
  if (command === "assets" && rest.length === 0) console.log(await assets(progress));
  else if (command === "up" && rest.length === 0) await up();
  else if (command === "--help" || command === "-h") console.log(usage);
  else {
    console.error(usage);
    process.exitCode = 2;
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
