import { change } from "./workload.ts";

export default change("hold", "held");
