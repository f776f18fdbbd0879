import type { Again } from "./parts/asked_again.ts";
import type { DashboardContext } from "../../core/web.ts";
import type { Html } from "./html.ts";
import type { Person } from "./identity/person.ts";

/** What an action is called with. */
export interface ActionCall {
  context: DashboardContext;
  person: Person;
  /** What the path names, decoded. */
  params: Readonly<Record<string, string>>;
  form: URLSearchParams;
}

/** What was done, of which the page that one comes back to tells in a sentence. */
export interface Deed {
  done: "approved" | "rejected" | "retried" | "held" | "resumed" | "rolled back" | "asked";
  /** Of a workload; absent of an update. */
  kind?: string;
  namespace: string;
  name: string;
}

/** What a page of its own tells of, since it is more than a sentence. */
export interface Results {
  title: string;
  html: Html;
}

/** Something that is pressed: a form's route, and what it does. */
export interface Action {
  /** As hono writes it: `/updates/:namespace/:name/approve`. */
  path: string;
  /** Where people type something for it. */
  again?: Again;
  /** @throws {BadRequest} in words where it is not done */
  act(call: ActionCall): Promise<Deed | Results>;
}

/** In whose name: nobody has to prove theirs where anybody decides, so that is said. */
export const signatureOf = ({ caller, name }: Person): string | undefined =>
  caller.kind === "anonymous" ? name : undefined;

/** Fields of a form as their schema reads them: what is left empty is not said. */
export const fieldsOf = (form: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...form].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ""));
