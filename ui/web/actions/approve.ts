import { decision } from "./decide.ts";

export default decision("approve");
