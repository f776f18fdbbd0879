import { pause } from "../../e2e/suite.ts";
import type { Attack } from "./attack.ts";

/** A body of almost 1 MiB, in Quay's format. */
export function manyTags(repository: string): string {
  const tags = Array.from({ length: 85_000 }, (_, at) => `1.${at}`);
  return JSON.stringify({ docker_url: repository, updated_tags: tags });
}

/** Somebody who knows the secret tells of tens of thousands of tags in a call, eight of them at once, again and again. */
export default {
  name: "many_tags",
  async begin({ operator, victim, secret }, signal) {
    const body = manyTags(victim.repository);
    const flood = async () => {
      while (!signal.aborted) {
        const init = { method: "POST", body, signal, headers: { authorization: `Bearer ${secret}` } };
        await fetch(`${operator.webhook}/webhook/registry`, init).then((answer) => answer.text(), () => {});
        await pause(1_000);
      }
    };
    for (let sender = 0; sender < 8; sender++) void flood();
  },
} satisfies Attack;
