import { change } from "./workload.ts";

export default change("rollback", "rolled back");
