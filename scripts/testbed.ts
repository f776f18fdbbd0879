import { join } from "node:path";
import process from "node:process";
import { assets } from "./testbed/assets.ts";
import { isLoopback } from "../core/registry/plain_http.ts";
import { parseReference } from "../core/versions/reference.ts";
import { pushImage } from "./testbed/push.ts";
import { startControlPlane } from "./testbed/controlplane.ts";
import { startRegistry } from "./testbed/registry.ts";

const usage =
  `usage: npm run testbed -- assets         download or build what is missing and print the folder of the programs
       npm run testbed -- up             start a control plane and a registry; stays until Ctrl-C
       npm run testbed -- push IMAGE…    push empty images, such as $REGISTRY/team/web:1.3.0, to a registry on loopback
       npm run testbed -- --help`;

const progress = (line: string) => console.error(line);

async function up(): Promise<void> {
  const binaries = await assets(progress);
  let stopped = () => {};
  const signal = new Promise<void>((resolve) => stopped = resolve);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stopped());
  console.error("starting the control plane and the registry");
  const controlPlane = await startControlPlane({ progress });
  const registry = await startRegistry({ dir: join(controlPlane.dir, "registry") });
  console.log(`API server  ${controlPlane.url}`);
  console.log(`registry    ${registry.url}`);
  console.log(`logs        ${controlPlane.dir}`);
  console.log(`export KUBECONFIG=${controlPlane.kubeconfig} REGISTRY=${registry.host} PATH=$PATH:${binaries}`);
  console.error("up; Ctrl-C stops it");
  const staying = setInterval(() => {}, 60_000);
  await signal;
  clearInterval(staying);
  console.error("stopping");
  await registry.stop();
  await controlPlane.stop();
}

/** Images whose content is their own name. Throws naming the image that cannot be pushed. */
async function push(images: readonly string[]): Promise<void> {
  for (const image of images) {
    const { registry, repository, tag } = parseReference(image);
    if (!isLoopback(registry) || tag === undefined) {
      throw new Error(
        `${image} cannot be pushed: a registry on loopback and a tag are wanted, as 127.0.0.1:5000/web:1`,
      );
    }
    console.log(`${image}@${await pushImage(registry, repository, tag)}`);
  }
}

function complaint(command: string | undefined, rest: readonly string[]): string {
  if (command === undefined) return "a command is wanted";
  if (command === "push") return "push wants images";
  return ["assets", "up"].includes(command)
    ? `${rest[0]} is too much for ${command}`
    : `there is no command ${command}`;
}

const [command, ...rest] = process.argv.slice(2);
try {
  if (command === "assets" && rest.length === 0) console.log(await assets(progress));
  else if (command === "up" && rest.length === 0) await up();
  else if (command === "push" && rest.length > 0) await push(rest);
  else if (command === "--help" || command === "-h") console.log(usage);
  else {
    console.error(`${complaint(command, rest)}\n\n${usage}`);
    process.exitCode = 2;
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
