import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { WebhookAnswer } from "./chapter.ts";
import type { Person } from "./people.ts";
import type { Stage } from "./stage.ts";

/** A plain webhook, with the secret. Throws unless it is answered 200. */
export async function tellOperator(stage: Stage, image: string, tag: string): Promise<WebhookAnswer> {
  const url = `${stage.webhook}/webhook/registry`;
  const { status, body } = await post(url, { image, tag }, stage.secret);
  if (status !== 200) throw new Error(`POST ${url} was answered ${status}: ${JSON.stringify(body)}`);
  return body as WebhookAnswer;
}

/** Says yes or no over the approval API with somebody's own token; gives why it was refused, or undefined. */
export async function decide(
  stage: Stage,
  { metadata }: UpdateRequest,
  { token }: Person,
  verb: "approve" | "reject",
  body: { reason?: string } = {},
): Promise<string | undefined> {
  const url = `${stage.api}/api/v1/updates/${metadata.namespace}/${metadata.name}/${verb}`;
  const answer = await post(url, body, token);
  return answer.status === 200 ? undefined : `${answer.status}: ${(answer.body as { error?: string }).error}`;
}

async function post(url: string, body: unknown, bearer: string): Promise<{ status: number; body: unknown }> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}
