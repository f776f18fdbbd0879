import {
  activeHolds,
  containersOf,
  hasEnded,
  isUndecided,
  listRequests,
  namesIn,
  readHistory,
  readReference,
  requestsOf,
} from "../../core/ui.ts";
import { type Choice, type Cluster, kubeconfigPaths, openCluster } from "./cluster.ts";
import type { Command, Offer } from "./command.ts";
import { findWorkload } from "./find_objects.ts";
import { listNames, managedNames } from "./suggest.ts";
import { shortName, workloadKinds } from "./kinds.ts";
import { wantedOf } from "./complete.ts";

const patienceMs = 3_000;
/** Of cobra, which kubectl reads: names of files are not to be offered, or are. */
const [noFiles, files] = [4, 0];

/** The answer of `__complete`: an offer a line, with a tab and words on it, and last cobra's directive. Never throws. */
export async function complete(
  words: readonly string[],
  commands: readonly Command[],
  env: Choice["env"],
): Promise<string> {
  const wanted = wantedOf(words, commands);
  const { fixed, dynamic, before, start, flags, arguments: given } = wanted;
  const choice: Choice = { env, flags };
  const asked = dynamic ? await inTime(offersOf(dynamic, choice, given)).catch(() => []) : [];
  const all: (readonly [string, string])[] = [...fixed, ...asked.map((text) => [text, ""] as const)];
  const lines = all.filter(([text]) => text.startsWith(start))
    .map(([text, help]) => before + text + (help ? `\t${help}` : ""));
  return [...lines, `:${dynamic === "file" ? files : noFiles}`].join("\n");
}

const listsInFile: Partial<Record<Offer, "contexts" | "clusters" | "users">> = {
  context: "contexts",
  cluster: "clusters",
  user: "users",
};

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too late")), patienceMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function offersOf(offer: Offer, choice: Choice, given: ReadonlyMap<string, string>): Promise<string[]> {
  if (offer === "file") return [];
  const inFile = listsInFile[offer];
  if (inFile) {
    const paths = await kubeconfigPaths(choice);
    return paths === undefined ? [] : await namesIn(paths, inFile);
  }
  const cluster = await openCluster(choice);
  try {
    return [...new Set(await named(offer, cluster, given))];
  } finally {
    cluster.close();
  }
}

async function named(offer: Offer, cluster: Cluster, given: ReadonlyMap<string, string>): Promise<string[]> {
  if (offer === "namespace") return (await listNames(cluster, "/api/v1/namespaces")).map(({ name }) => name);
  if (offer === "workload") return await managedWorkloads(cluster);
  if (offer === "undecided request" || offer === "ended request") {
    const fits = offer === "ended request" ? hasEnded : isUndecided;
    return (await listRequests(cluster)).filter(fits).map(({ metadata }) => metadata.name);
  }
  const workload = await findWorkload(cluster, given.get("WORKLOAD") ?? "");
  if (offer === "container") return workload.slots.map(({ name }) => name);
  const container = given.get("CONTAINER");
  const isMeant = (name: string) => container === undefined || container === name;
  if (offer === "version of the history") {
    const entries = readHistory(workload.annotations.history).filter((entry) => isMeant(entry.container));
    return tagsOf(entries.flatMap(({ image, previousImage }) => [image, previousImage ?? image]));
  }
  const requests = await requestsOf(cluster, workload);
  if (offer === "offered version") {
    return tagsOf(requests.filter((request) => containersOf(request).some(isMeant)).map(({ spec }) => spec.newImage));
  }
  const holds = workload.slots.filter(({ name }) => isMeant(name))
    .flatMap((slot) => activeHolds(workload, slot, requests));
  return tagsOf(holds.flatMap(({ image }) => image === undefined ? [] : [image]));
}

const tagsOf = (images: readonly string[]) => images.flatMap((image) => readReference(image)?.tag ?? []);

async function managedWorkloads(cluster: Cluster): Promise<string[]> {
  const found = await Promise.all(workloadKinds.map(async (kind) => {
    const names = await managedNames(cluster, kind).catch(() => []);
    return names.map((name) => shortName(kind, name));
  }));
  return found.flat();
}
