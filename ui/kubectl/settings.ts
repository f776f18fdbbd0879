import { coreSettings } from "../../core/app/setting_schema.ts";
import type { Environment } from "../../core/runtime/env.ts";
import { readPart } from "../../core/app/settings.ts";

const shared = coreSettings.pick({
  HEADWIND_REGISTRY_CA: true,
  HEADWIND_INSECURE_REGISTRIES: true,
  HEADWIND_HELM_INDEX_LIMIT: true,
  HEADWIND_HELM_CLIENT_CERTIFICATES: true,
  HEADWIND_HELM_AUTO_DISCOVERY: true,
  HEADWIND_CROSS_NAMESPACE: true,
  HEADWIND_NAMESPACES: true,
});

/** Those variables that mean here what they mean to Headwind. Throws `SettingsError`. */
export const readSettings = (env: Environment) => readPart(shared, env);
