import { change } from "./workload.ts";

export default change("resume", "resumed");
