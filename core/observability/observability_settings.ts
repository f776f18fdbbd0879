import * as z from "zod";

const place = z.url({ protocol: /^https?$/, error: "a URL with http or https is wanted" })
  .refine(
    (text) => (URL.parse(text)?.username ?? "") === "",
    "no login stands in a URL: tokenFile names a file with one",
  )
  .transform((text) => text.replace(/\/+$/, "")).describe(
    "Where it is asked; looked for among the cluster's Services if absent",
  )
  .meta({ shown: true });
const file = z.string().min(1).optional().describe("File with a token for it, read anew as it changes").meta({
  shown: true,
});
const name = z.string().min(1).max(200).meta({ shown: true });

const asked = "Whether it is asked";

const promql = z.object({ enabled: z.boolean().default(true).describe(asked), url: place.optional(), tokenFile: file })
  .prefault({});

/**
 * The part `observability` of `config.yaml` in the ConfigMap `headwind-config`, which is mounted at `/etc/headwind/config`.
 * Every field may be absent, and so may the part. What is not known in it is passed over here: whoever reads the file
 * tells of it.
 *
 * Where `url` is absent, the backend is looked for among the cluster's Services. `token` is Headwind's; a `tokenFile`, which
 * is a mounted Secret's and read anew as it changes, keeps it out of a ConfigMap. `influxdb` is asked where it is enabled and
 * has a token, for nothing can be found out without.
 */
export const observabilitySettings = z.object({
  metricsBackend: z.string().regex(/^[a-z][a-z0-9-]*$/, "auto or the name of a metrics plugin is wanted")
    .default("auto").describe("Where charts have their numbers from: `auto`, or the name of a metrics plugin").meta({
      shown: true,
    }),
  prometheus: promql,
  victoriametrics: promql,
  influxdb: z.object({
    enabled: z.boolean().default(false).describe(asked),
    url: place.default("http://influxdb.monitoring.svc:8086").describe("Where it is asked"),
    org: name.default("headwind").describe("Its organization"),
    bucket: name.default("metrics").describe("Its bucket"),
    token: z.string().min(1).optional().describe("A token for it; `tokenFile` keeps it out of the ConfigMap").meta({
      shown: false,
    }),
    tokenFile: file,
  }).prefault({}),
}).prefault({});

export type ObservabilitySettings = z.infer<typeof observabilitySettings>;
