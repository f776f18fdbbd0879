import type { NamedImage, References, Zod } from "../../../core/plugin.ts";
import { once } from "./parse.ts";
import { quoted } from "./format.ts";

/**
 * An image's name with its tag and digest, if any; a digest may stand behind a colon in the place of the tag, as Harbor
 * writes it. Undefined where the grammar refuses it, and where it has no host though `needsHost`.
 */
function readImage(text: string, references: References, needsHost: boolean): NamedImage | undefined {
  const usual = text.replace(/:(sha(?:256|384|512):[^:/@]*)$/, "@$1");
  if (needsHost && !references.isHost(usual.slice(0, Math.max(0, usual.indexOf("/"))))) return undefined;
  return references.parse(usual);
}

/** The types of names in bodies: core has the last word on them, these name the field. */
export const names = once((z, references) => {
  const { isDigest, isPath, isTag } = references;
  return {
    path: name(z, "repository", isPath),
    tag: name(z, "tag", isTag),
    digest: name(z, "digest", isDigest),
    tagOrDigest: name(z, "tag or digest", (text) => isTag(text) || isDigest(text)),
    /** As people write it: without a host it is Docker Hub's. */
    image: image(z, "image name", (text) => readImage(text, references, false)),
    /** With its host. */
    hostedImage: image(z, "image name with its host", (text) => readImage(text, references, true)),
  };
});

function name(z: Zod, what: string, allowed: (text: string) => boolean) {
  return z.string(wanted(what)).refine(allowed, wanted(what));
}

function image(z: Zod, what: string, read: (text: string) => NamedImage | undefined) {
  return z.string(wanted(what)).transform((text, context) => {
    const image = read(text);
    if (image) return image;
    context.addIssue({ code: "custom", message: `${quoted(text)} is no ${what}` });
    return z.NEVER;
  });
}

function wanted(what: string) {
  return {
    error: ({ input }: { input?: unknown }) =>
      input === undefined ? `${what} is wanted` : `${quoted(input)} is no ${what}`,
  };
}
