import { NAVIGATION } from "../../ui/web/layout.ts";
import { namespace } from "./namespace.ts";
import type { Stage } from "./stage.ts";
import type { World } from "./world.ts";
import { updatePath, workloadPath } from "../../ui/web/paths.ts";

/** Where a visitor begins, and how they sign in. */
export function howToLook({ ui, people }: Stage): string {
  return [
    `The dashboard: ${ui}`,
    "Sign in with a token: you are ann, who may decide, by",
    `  cat ${people.ann.tokenFile}`,
    "and eve, who may not, by",
    `  cat ${people.eve.tokenFile}`,
  ].join("\n");
}

/** Asks for each page of the dashboard as ann; what is wrong with any, a line each. */
export async function askPages({ ui, people }: Stage, world: World): Promise<string[]> {
  const update = [...world.requests.values()][0];
  const paths = [
    ...NAVIGATION.map(({ path }) => path),
    ...(update ? [updatePath(update.metadata), workloadPath(update.spec.targetRef)] : []),
    `/updates?namespace=${namespace}&phase=Completed&sort=workload`,
  ];
  const asked = paths.map(async (path): Promise<string[]> => {
    const answer = await fetch(ui + path, {
      headers: { authorization: `Bearer ${people.ann.token}` },
      signal: AbortSignal.timeout(30_000),
      redirect: "manual",
    });
    const text = await answer.text();
    if (answer.status !== 200) return [`${path} is answered ${answer.status}`];
    return text.includes("<main") && text.endsWith("</html>") ? [] : [`${path} is no whole page`];
  });
  return (await Promise.all(asked)).flat();
}
