import { join } from "node:path";

/** What the components of one control plane need to know of each other. All files are in `dir`. */
export interface Plan {
  /** Folder of the binaries. */
  binaries: string;
  dir: string;
  etcdPort: number;
  apiPort: number;
}

/** The files of a control plane, by what they hold. */
export const files = {
  stages: "kwok-stages.yaml",
  ca: "ca.crt",
  serverCert: "apiserver.crt",
  serverKey: "apiserver.key",
  accountPublicKey: "sa.pub",
  accountKey: "sa.key",
  kubeconfig: "kubeconfig",
  etcdData: "etcd-data",
};

/** A component: the name of its binary and its arguments. */
export interface Component {
  name: string;
  args: string[];
  scratch?: string;
}

export function etcd({ dir, etcdPort }: Plan): Component {
  const clients = `http://127.0.0.1:${etcdPort}`;
  const peers = "http://127.0.0.1:0";
  const args = flags({
    "data-dir": join(dir, files.etcdData),
    "listen-client-urls": clients,
    "advertise-client-urls": clients,
    "listen-peer-urls": peers,
    "initial-advertise-peer-urls": peers,
    "initial-cluster": `default=${peers}`,
    "quota-backend-bytes": 8 * 1024 ** 3,
    "unsafe-no-fsync": true,
    "log-level": "warn",
  });
  return { name: "etcd", args, scratch: join(dir, files.etcdData) };
}

export function apiServer({ dir, etcdPort, apiPort }: Plan): Component {
  const args = flags({
    "etcd-servers": `http://127.0.0.1:${etcdPort}`,
    "secure-port": apiPort,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "tls-cert-file": join(dir, files.serverCert),
    "tls-private-key-file": join(dir, files.serverKey),
    "client-ca-file": join(dir, files.ca),
    "service-account-key-file": join(dir, files.accountPublicKey),
    "service-account-signing-key-file": join(dir, files.accountKey),
    "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
    "service-cluster-ip-range": "10.0.0.0/24",
    "authorization-mode": "RBAC",
    "endpoint-reconciler-type": "none",
    "max-requests-inflight": 3000,
    "max-mutating-requests-inflight": 1000,
    "watch-cache": true,
    v: 0,
  });
  return { name: "kube-apiserver", args };
}

export function controllerManager({ dir }: Plan): Component {
  const args = flags({
    kubeconfig: join(dir, files.kubeconfig),
    "leader-elect": false,
    "secure-port": 0,
    "service-account-private-key-file": join(dir, files.accountKey),
    "root-ca-file": join(dir, files.ca),
    "kube-api-qps": 1000,
    "kube-api-burst": 2000,
    v: 0,
  });
  return { name: "kube-controller-manager", args };
}

export function scheduler({ dir }: Plan): Component {
  const args = flags({
    kubeconfig: join(dir, files.kubeconfig),
    "leader-elect": false,
    "secure-port": 0,
    "kube-api-qps": 1000,
    "kube-api-burst": 2000,
    v: 0,
  });
  return { name: "kube-scheduler", args };
}

export function kwok({ dir }: Plan): Component {
  const args = flags({
    kubeconfig: join(dir, files.kubeconfig),
    config: join(dir, files.stages),
    "manage-all-nodes": false,
    "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
    "node-ip": "127.0.0.1",
    // No server: it would listen on all interfaces, on a fixed port.
    "node-port": 0,
    cidr: "10.1.0.0/16",
  });
  return { name: "kwok", args };
}

function flags(values: Record<string, string | number | boolean>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
