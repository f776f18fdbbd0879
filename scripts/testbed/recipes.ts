import { versions } from "./versions.ts";

/** How one binary of the test bed is built by Go modules. */
export interface Recipe {
  name: string;
  version: string;
  /** Go module and the version of it, as the module proxy knows it. */
  module: string;
  moduleVersion: string;
  /** Import path of the command, or `.` with `source`. */
  command: string;
  /** A folder beside this file with the command's own source, which uses the module. */
  source?: string;
  /** Variables set by the linker (`-X`): without a version kubectl and helm cannot parse the API server's answer. */
  stamp: Record<string, string>;
  /** Kubernetes names its own staging modules by v0.0.0: each is replaced by the published module of this version. */
  staging?: string;
  /** Folders of the module's source whose YAML files are kept beside the binary, as one file of this name. */
  keep?: { file: string; folders: string[] };
  /** How long the build took on 2 cores, from empty caches, after those before it in the list. */
  seconds: number;
  /** The same where it is the first of its module, and compiles what the others share. */
  secondsFirst?: number;
}

const [major, minor] = versions.kubernetes.split(".") as [string, string];

function kubernetes(name: string, seconds: Pick<Recipe, "seconds" | "secondsFirst">): Recipe {
  const component = "k8s.io/component-base/version";
  return {
    name,
    version: versions.kubernetes,
    module: "k8s.io/kubernetes",
    moduleVersion: `v${versions.kubernetes}`,
    command: `k8s.io/kubernetes/cmd/${name}`,
    stamp: {
      [`${component}.gitVersion`]: `v${versions.kubernetes}`,
      [`${component}.gitMajor`]: major,
      [`${component}.gitMinor`]: minor,
      [`${component}.gitTreeState`]: "clean",
    },
    staging: `v0.${versions.kubernetes.split(".").slice(1).join(".")}`,
    ...seconds,
  };
}

/** All binaries, the most needed first: the last ones only Helm charts need. */
export const recipes: Recipe[] = [
  {
    name: "etcd",
    version: versions.etcd,
    module: "go.etcd.io/etcd/server/v3",
    moduleVersion: `v${versions.etcd}`,
    command: "go.etcd.io/etcd/server/v3",
    stamp: {},
    seconds: 41,
  },
  kubernetes("kube-apiserver", { seconds: 251 }),
  kubernetes("kubectl", { seconds: 20 }),
  kubernetes("kube-controller-manager", { seconds: 97, secondsFirst: 280 }),
  kubernetes("kube-scheduler", { seconds: 9 }),
  {
    name: "kwok",
    version: versions.kwok,
    module: "sigs.k8s.io/kwok",
    moduleVersion: `v${versions.kwok}`,
    command: "sigs.k8s.io/kwok/cmd/kwok",
    stamp: { "sigs.k8s.io/kwok/pkg/consts.Version": `v${versions.kwok}` },
    keep: {
      file: "kwok-stages.yaml",
      folders: ["node/fast", "node/heartbeat", "pod/fast", "pod/chaos"].map((folder) => `kustomize/stage/${folder}`),
    },
    seconds: 98,
  },
  {
    name: "registry",
    version: versions.registry,
    module: "github.com/distribution/distribution/v3",
    moduleVersion: `v${versions.registry}`,
    command: "github.com/distribution/distribution/v3/cmd/registry",
    stamp: { "github.com/distribution/distribution/v3/version.version": `v${versions.registry}` },
    seconds: 69,
  },
  {
    name: "htpasswd",
    version: versions.bcrypt,
    module: "golang.org/x/crypto",
    moduleVersion: `v${versions.bcrypt}`,
    command: ".",
    source: "htpasswd",
    stamp: {},
    seconds: 1,
  },
  {
    name: "crane",
    version: versions.crane,
    module: "github.com/google/go-containerregistry",
    moduleVersion: `v${versions.crane}`,
    command: "github.com/google/go-containerregistry/cmd/crane",
    stamp: { "github.com/google/go-containerregistry/cmd/crane/cmd.Version": versions.crane },
    seconds: 5,
  },
  {
    name: "helm",
    version: versions.helm,
    module: "helm.sh/helm/v4",
    moduleVersion: `v${versions.helm}`,
    command: "helm.sh/helm/v4/cmd/helm",
    stamp: { "helm.sh/helm/v4/internal/version.version": `v${versions.helm}` },
    seconds: 175,
  },
];
