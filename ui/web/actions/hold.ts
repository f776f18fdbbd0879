import { change } from "./workload.ts";
import { HOLD_QUESTIONS } from "../parts/holds.ts";

export default change("hold", "held", { questions: HOLD_QUESTIONS, button: () => "Hold" });
