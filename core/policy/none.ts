import { type Judge, leave } from "./judge.ts";

/** `none`: the workload is left as it is. */
export function none(): Judge {
  return () => leave("policy-none");
}
