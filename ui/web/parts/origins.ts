import { compareLink, delay, type ImageOrigin, slotsOf, type UpdateRequest, type Workload } from "../../../core/web.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";
import { image } from "./image.ts";
import type { PageCall } from "../page.ts";
import { time } from "./time.ts";

interface Origin extends ImageOrigin {
  image: string;
}
/** Where the images of an update come from, or why that is not known, a sentence. */
export type Origins = { from: Origin; to: Origin } | string;

/** How long a page waits for a registry; what it answers later is there when the page is opened again. */
const PATIENCE_MS = 1_000;
const LATE = "the registry has not answered yet: open the page again in a moment";
/** For as long a failure stands, so that a page that is open moves at once though its registry is slow or gone. */
const FAILURE_STANDS_MS = 60_000;
const MOST_FAILURES = 500;

interface Failure {
  text: string;
  until: number;
}
/** Of each dashboard, by workload and images. */
const failures = new WeakMap<PageCall["context"], Map<string, Failure>>();

/** Asks the registry with the workload's own login, each digest once, and no more for a while where it fails. Never rejects. */
export async function originsOf(
  request: UpdateRequest,
  workload: Workload | undefined,
  { context, now }: Pick<PageCall, "context" | "now">,
): Promise<Origins> {
  const { currentImage, newImage, updateType } = request.spec;
  if (updateType === "helmChart") return "a chart says nothing of it in its index";
  const slot = workload && slotsOf(request, workload)[0];
  if (!workload || !slot) return "the container is not there any more, and so not the login to ask the registry with";
  const { originOf, log } = context;
  const failed = failures.get(context) ?? new Map<string, Failure>();
  failures.set(context, failed);
  const key = `${workload.plugin.resource.kind}/${workload.namespace}/${workload.name} ${currentImage} ${newImage}`;
  const known = failed.get(key);
  if (known && known.until > now.getTime()) return known.text;
  const remember = (text: string) => {
    failed.delete(key);
    failed.set(key, { text, until: now.getTime() + FAILURE_STANDS_MS });
    if (failed.size > MOST_FAILURES) failed.delete(failed.keys().next().value!);
    return text;
  };
  const both = Promise.all([currentImage, newImage].map((image) => originOf({ workload, slot }, image)));
  both.then(() => failed.delete(key), () => {});
  try {
    const answer = await Promise.race([both, delay(PATIENCE_MS).then(() => LATE)]);
    if (typeof answer === "string") return remember(answer);
    const [from, to] = answer;
    if (!from && !to) return "the registry has neither image";
    return { from: { image: currentImage, ...from }, to: { image: newImage, ...to } };
  } catch (error) {
    log.debug("the labels of images were not read", { error });
    return remember(`the registry was not read: ${(error as Error).message.replace(/\.$/, "")}`);
  }
}

/** Where both images come from, with a link that compares their sources. */
export function originsText(origins: Origins): Html {
  if (typeof origins === "string") return html`<p>Not known: ${origins}.</p>`;
  const { from, to } = origins;
  const link = compareLink(from, to);
  const silent = [from, to].filter(({ source, revision }) => !source || !revision);
  return html`
    <ul class="origins">${[from, to].map(row)}</ul>
    ${link
      ? html`<p><a href="${link.url}" rel="noreferrer noopener">${icon("git-compare")}Compare ${link.text}</a></p>`
      : html`<p class="hint">No link compares them: ${
        silent.length > 0
          ? html`${
            silent.length === 2 ? "the images do" : "one image does"
          } not carry <code>org.opencontainers.image.source</code> and <code>.revision</code>`
          : "their sources are not two revisions of one repository"
      }.</p>`}
  `;
}

const row = ({ image: name, created, revision, source }: Origin): Html => {
  const told = [
    created ? html`built ${time(created)}` : "",
    revision ? html`revision <code>${short(revision)}</code>` : "",
    source ? html`of ${source}` : "",
  ].filter((part) => part !== "");
  const text = told.length === 0 ? "says nothing of it" : told.map((part, at) => html`${at > 0 ? ", " : ""}${part}`);
  return html`<li>${image(name)} ${text}</li>`;
};

const SHORT = 12;

/** A commit by its first digits. */
const short = (revision: string) => /^[0-9a-f]{20,64}$/.test(revision) ? revision.slice(0, SHORT) : revision;
