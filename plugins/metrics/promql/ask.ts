import { jsonObject, wholeAnswer, words } from "../answers/whole_answer.ts";
import type { MetricsContext } from "../../../core/plugin.ts";

/** What the API of Prometheus answers. */
export interface Answer {
  status?: unknown;
  data?: unknown;
  error?: unknown;
}

/**
 * One question to `/api/v1/…`.
 *
 * @throws in words, also those of the backend, where there is no good answer
 */
export async function ask(
  title: string,
  what: "query" | "query_range",
  parameters: Record<string, string>,
  { fetch, place }: MetricsContext,
  signal: AbortSignal,
): Promise<Answer> {
  if (!place) throw new Error(`nobody says where ${title} is`);
  const url = `${place.url}/api/v1/${what}?${new URLSearchParams(parameters)}`;
  const headers: Record<string, string> = { accept: "application/json" };
  if (place.token !== undefined) headers.authorization = `Bearer ${place.token}`;
  const { status, text } = await wholeAnswer(title, () => fetch(url, { headers, redirect: "manual", signal }), signal);
  const answer: Answer | undefined = jsonObject(title, text);
  if (status === 200 && answer?.status === "success") return answer;
  if (status === 200) throw new Error(`${title} answered with what is not its API's`);
  throw new Error(`${title} answered ${status}${words(answer?.error)}`);
}
