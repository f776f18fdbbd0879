import { HELP, readOptions } from "../command_line.ts";

export interface DemoArguments {
  /** End after the story, with an exit status that judges it. */
  once: boolean;
  help: boolean;
}

export const usage = `usage: npm run demo [-- --once] [-- --help]

Starts a real control plane (etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok), a registry, the
operator, and a stand-in for Flux's helm-controller that runs the real helm, on this machine; pushes images and a chart,
and tells what happens. Then it stays up to be played with, until Ctrl-C.

  --once   end after the story, and exit 0 only if every workload ended as it should
  --help   this text`;

/** Reads the command line. Throws with a sentence. */
export function parseArguments(args: readonly string[]): DemoArguments {
  const { once, help } = readOptions(args, { once: { type: "boolean", default: false }, ...HELP }).values;
  return { once, help };
}
