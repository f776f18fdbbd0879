export interface DemoArguments {
  /** End after the story, with an exit status that judges it. */
  once: boolean;
}

export const usage = `usage: npm run demo [-- --once] [-- --help]

Starts a real control plane (etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok), a registry, the
operator, and a stand-in for Flux's helm-controller that runs the real helm, on this machine; pushes images and a chart,
and tells what happens. Then it stays up to be played with, until Ctrl-C.

  --once   end after the story, and exit 0 only if every workload ended as it should
  --help   this text`;

/** Throws with a sentence where an argument is unknown. */
export function parseArguments(given: readonly string[]): DemoArguments | "help" {
  const unknown = given.filter((argument) => !["--once", "--help", "-h"].includes(argument));
  if (unknown.length > 0) throw new Error(`unknown argument ${unknown.join(" ")}`);
  if (given.includes("--help") || given.includes("-h")) return "help";
  return { once: given.includes("--once") };
}
