/** How many charts the index of the benchmark lists, and how many versions of each. */
export const indexSize = { charts: 300, versions: 200 };

/** The name of a chart of the index, by its number from 0. */
export const chartName = (number: number) => `chart-${String(number).padStart(3, "0")}`;

/**
 * An index as `helm repo index` writes it (keys sorted, lists at the indent of their key, times quoted), always the same:
 * about 35 MB. In pieces of one chart each, so that nobody has to hold it all.
 */
export function* indexFile({ charts, versions } = indexSize): Generator<string> {
  yield "apiVersion: v1\nentries:\n";
  for (let chart = 0; chart < charts; chart++) {
    const name = chartName(chart);
    const entries = Array.from({ length: versions }, (_, back) => entry(name, chart, versions - 1 - back));
    yield `  ${name}:\n${entries.join("")}`;
  }
  yield `generated: "2026-01-02T03:04:05.678901234Z"\n`;
}

function entry(name: string, chart: number, release: number): string {
  const version = `${1 + Math.floor(release / 50)}.${Math.floor(release / 5) % 10}.${release % 5}`;
  const deprecated = chart % 20 === 19 ? "    deprecated: true\n" : "";
  return `  - annotations:
      category: Database
    apiVersion: v2
    appVersion: "${1 + release % 30}.${chart % 10}"
    created: "2026-01-02T03:04:05.${String(100000000 + release)}Z"
${deprecated}    description: "${name} keeps the records of service ${chart}: a \\"stateful\\" one."
    digest: ${digest(chart * 1000 + release)}
    home: https://example.com/services/${name}
    keywords:
    - records
    maintainers:
    - email: team-${chart}@example.com
      name: Team ${chart}
    name: ${name}
    sources:
    - https://git.example.com/${name}
    urls:
    - https://charts.example.com/stable/${name}-${version}.tgz
    version: ${version}
`;
}

/** 64 hexadecimal digits that depend on the seed. */
function digest(seed: number): string {
  let state = seed + 1;
  const word = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return (state >>> 0).toString(16).padStart(8, "0");
  };
  return Array.from({ length: 8 }, word).join("");
}
