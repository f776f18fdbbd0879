import type { DashboardContext } from "../../../core/ui.ts";
import type { Identity } from "./identity.ts";
export async function byOidc(_context: DashboardContext): Promise<Identity> {
  throw new Error("HEADWIND_UI_AUTH_MODE=oidc is not there yet");
}
