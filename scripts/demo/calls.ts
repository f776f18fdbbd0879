import type { WebhookAnswer } from "./chapter.ts";
import type { Stage } from "./stage.ts";

/** A plain webhook, with the secret. Throws unless it is answered 200. */
export async function tellOperator(stage: Stage, image: string, tag: string): Promise<WebhookAnswer> {
  const headers = { authorization: `Bearer ${stage.secret}` };
  return await post(`${stage.webhook}/webhook/registry`, { image, tag }, headers) as WebhookAnswer;
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${url} was answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
