/** Every version of the test bed, in one place. A changed version rebuilds its own binary and no other. */
export const versions = {
  kubernetes: "1.37.2",
  /** The newest release for this minor: there is none for each patch. Its digests are in envtest.ts. */
  envtest: "1.37.0",
  etcd: "3.6.8",
  kwok: "0.8.0",
  registry: "3.1.2",
  /** golang.org/x/crypto, for the registry's password file. */
  bcrypt: "0.58.0",
  helm: "4.3.1",
  crane: "0.22.1",
  /** Built by hand only: see influxdb.ts. */
  influxdb: "2.7.12",
} as const;
