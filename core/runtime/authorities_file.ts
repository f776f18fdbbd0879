import { authorityFault } from "./authority.ts";
import { readTextFile } from "./files.ts";

/** The authorities, in PEM, of a file that a setting names. Throws, naming both, where there are none, or one that cannot be trusted. */
export async function readAuthorities(setting: string, path: string): Promise<string> {
  const pem = await readTextFile(path).catch((error: Error) => {
    throw new Error(`${setting}: ${error.message}`);
  });
  const fault = authorityFault(pem, "file");
  if (fault !== undefined) throw new Error(`${setting}: ${path} is ${fault}`);
  return pem;
}
