import { DECIDING_ANNOTATIONS } from "../../core/workloads/annotations.ts";
import { isFinished } from "../../core/requests/update_request.ts";
import { readHolds } from "../../core/requests/holds.ts";
import type { Mutation } from "./move.ts";

const isSetting = (path: string) => DECIDING_ANNOTATIONS.some((name) => path.endsWith(`/headwind.sh~1${name}`));

/** Operators that are built wrongly: a walk that finds nothing wrong with one of these is worth nothing. */
export const mutations = {
  "none": {},
  "the patch tests nothing": { patch: (operations) => operations.filter(({ op }) => op !== "test") },
  "the patch tests no settings": {
    patch: (operations) => operations.filter(({ op, path }) => op !== "test" || !isSetting(path)),
  },
  "the request's name is random": { name: (name, serial) => `${name}-${serial}` },
  "of a pod only the first container is moved": {
    patch(operations) {
      const first = operations.find(({ op }) => op === "replace");
      return operations.filter((operation) => operation.op !== "replace" || operation === first);
    },
  },
  "a hold is forgotten on restart": {
    memory: ({ workload, requests }, since) => {
      const holds = readHolds(workload.annotations.held).filter(({ at }) => at > since);
      return {
        workload: { ...workload, annotations: { ...workload.annotations, held: JSON.stringify(holds) } },
        requests: requests.filter((request) => !isFinished(request) || (request.status?.lastUpdated ?? "") > since),
      };
    },
  },
  "it works before its lists are there": { isEarly: true },
  "a request is ended by what was heard of its workload": { endsUnread: true },
} satisfies Record<string, Mutation>;
