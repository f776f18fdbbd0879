import * as z from "zod";
import { command } from "../parts/command.ts";
import { counted } from "../pictures/numbers.ts";
import {
  type Deed,
  DEEDS,
  findRights,
  type FoundRights,
  type NamespaceRights,
  type Resource,
  type Rights,
} from "../identity/find_rights.ts";
import { grantCommand, resourceName } from "../identity/granting.ts";
import { type Html, html } from "../html.ts";
import { limits, notice } from "../parts/notice.ts";
import { page, region } from "../page.ts";
import type { Person, Proof } from "../identity/person.ts";
import { type Row, table } from "../parts/table.ts";
import { SIGNS } from "../parts/looks.ts";
import { status } from "../parts/status.ts";

interface Data extends FoundRights {
  person: Pick<Person, "name" | "groups" | "proof">;
  /** Whether anybody decides. */
  isOpen: boolean;
  named: string | undefined;
}

/** Longest list of groups that is shown. */
const MOST_GROUPS = 50;

const namespace = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "the name of a namespace is wanted")
  .optional();

export default page({
  path: "/rights",
  query: z.object({ namespace }),
  live: false,
  async read({ context, person, query }): Promise<Data> {
    const found = await findRights(context, person, query.namespace);
    const { name, groups, proof } = person;
    return { ...found, person: { name, groups, proof }, isOpen: context.callers.open, named: query.namespace };
  },
  title: () => "Your rights",
  regions: (data) => [
    region("who", who(data)),
    region("rights", rights(data)),
    region("grant", data.person.proof === "none" ? html`` : grants(data)),
    region("limits", limits(bounds(data))),
  ],
});

const PROOFS: Record<Exclude<Proof, "none">, string> = {
  header: "a trusted proxy says so, in a header of each call",
  token: "you showed a token of the cluster, and Headwind asked the API server whose it is",
  oidc: "you signed in at the OpenID issuer, and your session says so until it ends",
};

function who({ person: { name, groups, proof }, isOpen }: Data): Html {
  if (proof === "none") {
    return isOpen
      ? notice(
        "bad",
        html`Nobody is asked who they are, and anybody decides, as <b>${name}</b>: <code>HEADWIND_APPROVALS=open</code> with
          <code>HEADWIND_UI_AUTH_MODE=none</code>.`,
      )
      : notice(
        "quiet",
        html`Nobody is asked who they are here (<code>HEADWIND_UI_AUTH_MODE=none</code>), so everybody reads, and nobody
          changes anything. With kubectl you do it by your own rights, as <code>kubectl headwind approve</code>.`,
      );
  }
  const own = groups.filter((group) => group !== "system:authenticated");
  const shown = own.slice(0, MOST_GROUPS);
  const more = own.length > shown.length ? ` and ${own.length - shown.length} more` : "";
  return html`
    <dl class="facts">
      <dt>To Headwind you are</dt>
      <dd><b>${name}</b></dd>
      <dt>It knows because</dt>
      <dd>${PROOFS[proof]}</dd>
      <dt>Your groups</dt>
      <dd>${shown.length === 0 ? "none" : `${shown.join(", ")}${more}`}</dd>
    </dl>
  `;
}

const COLUMNS: Record<Deed, string> = {
  see: "See updates",
  approve: "Approve, reject",
  change: "Roll back, hold, resume, check",
  retry: "Retry",
};

const yes = status({ word: "Yes", ...SIGNS.yes });
const no = status({ word: "No", icon: "x", tone: "quiet" });
const allBut = (kinds: readonly Resource[]): Html =>
  html`${yes}, but of ${kinds.map(({ resource }) => resource).join(", ")}`;

function rights({ everywhere, namespaces, lackedByHeadwind }: Data): Html {
  const row = (id: string, name: string, may: Rights, unchangeable: readonly Resource[] = []): Row => ({
    id,
    cells: [
      name,
      ...DEEDS.map((deed) =>
        may[deed] ? yes : deed === "change" && unchangeable.length > 0 ? allBut(unchangeable) : no
      ),
    ],
  });
  return html`
    <h2>What you may do</h2>
    ${lackedByHeadwind
      ? notice(
        "warn",
        html`Headwind would write your decisions down, and may not itself: it takes the component
          <code>deploy/components/vouched-approvals</code>.`,
      )
      : ""}
    ${table({
      id: "rights-list",
      class: "rights",
      caption: "What you may do in all namespaces, and in each",
      columns: [{ name: "Namespace" }, ...DEEDS.map((deed) => ({ name: COLUMNS[deed] }))],
      rows: [
        row("rights-all", "all namespaces", everywhere),
        ...namespaces.map(({ namespace, rights, unchangeable }) =>
          row(`rights-of-${namespace}`, namespace, rights, unchangeable)
        ),
      ],
    })}
  `;
}

const LACKS: Record<Deed, string> = {
  see: "Seeing updates takes the verb list on updaterequests.headwind.sh",
  approve: "Approving and rejecting takes the verbs patch and approve on updaterequests.headwind.sh",
  change: "Rolling back, holding, resuming and checking takes the verb patch on the workload",
  retry: "Retrying, which makes an update anew, takes the verbs create and delete on updaterequests.headwind.sh",
};

/** Stands for any namespace, where there is none in which somebody may anything. */
const NOWHERE: NamespaceRights = {
  namespace: "NAMESPACE",
  rights: { see: false, approve: false, change: false, retry: false },
  unchangeable: [],
};

/** What is missing, and the command that somebody else gives it with: for the first namespace where it is. */
function grants({ namespaces, everywhere, person }: Data): Html {
  const lacking = DEEDS.filter((deed) => !everywhere[deed]).flatMap((deed) => {
    const lacked = namespaces.length === 0 ? [NOWHERE] : namespaces.filter(({ rights }) => !rights[deed]);
    const first = lacked[0];
    if (!first) return [];
    const kindsOf = ({ unchangeable }: NamespaceRights) => deed === "change" ? unchangeable : [];
    const where = lacked.map((one) => {
      const kinds = kindsOf(one).map(resourceName);
      return kinds.length > 0 ? `${one.namespace} (of ${kinds.join(", ")})` : one.namespace;
    });
    return [{ deed, where, command: grantCommand(deed, first.namespace, person, kindsOf(first)) }];
  });
  if (lacking.length === 0) return html``;
  return html`
    <h2>What is missing</h2>
    <p>Somebody who may bind roles gives it to you, in the namespace that the command names:</p>
    ${lacking.map(({ deed, where, command: text }) =>
      html`
        <h3>${COLUMNS[deed]}</h3>
        <p>${LACKS[deed]}. You lack it ${namespaces.length === 0
          ? "in all namespaces with workloads"
          : where.length === 1
          ? `in ${where[0]}`
          : `in ${where.length} namespaces: ${where.join(", ")}`}.</p>
        ${command(`grant-${deed}`, text)}
      `
    )}
  `;
}

function bounds({ unasked, hidden, named }: Data): Html {
  const left = [
    ...(hidden > 0
      ? [`${counted(hidden, "namespace")} in which you may do nothing ${hidden === 1 ? "is" : "are"} left out`]
      : []),
    ...(unasked > 0 ? [`${counted(unasked, "more namespace")} ${unasked === 1 ? "was" : "were"} not asked about`] : []),
  ];
  const more = left.length === 0 ? "" : html`
    ${left.join(", ")}: <code>/rights?namespace=NAME</code> asks about one.
  `;
  const all = named === undefined ? "" : html`
    <a href="/rights">All namespaces</a>.
  `;
  return html`${all}${more}It is what the API server said within the last ten seconds; it is asked again when you press something.`;
}
