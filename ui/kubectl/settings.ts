import {
  coreSettings,
  type Environment,
  readAuthorities,
  readPart,
  type RegistryReaderOptions,
} from "../../core/ui.ts";

const shared = coreSettings.pick({
  HEADWIND_REGISTRY_CA: true,
  HEADWIND_INSECURE_REGISTRIES: true,
  HEADWIND_HELM_INDEX_LIMIT: true,
  HEADWIND_HELM_CLIENT_CERTIFICATES: true,
  HEADWIND_HELM_AUTO_DISCOVERY: true,
  HEADWIND_CROSS_NAMESPACE: true,
  HEADWIND_NAMESPACES: true,
});

/**
 * Those variables that mean here what they mean to Headwind.
 *
 * @throws {SettingsError}
 */
export const readSettings = (env: Environment) => readPart(shared, env);

/**
 * How registries are reached, by the same variables.
 *
 * @throws where the file of authorities cannot be read
 */
export async function registryOptions(env: Environment): Promise<RegistryReaderOptions> {
  const settings = readSettings(env);
  const file = settings.HEADWIND_REGISTRY_CA;
  return {
    ca: file ? [await readAuthorities("HEADWIND_REGISTRY_CA", file)] : [],
    insecure: settings.HEADWIND_INSECURE_REGISTRIES,
    indexLimit: settings.HEADWIND_HELM_INDEX_LIMIT * 1_000_000,
    clientCertificates: settings.HEADWIND_HELM_CLIENT_CERTIFICATES,
  };
}
