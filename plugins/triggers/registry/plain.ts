import { type Format, untagged } from "./format.ts";
import { names } from "./names.ts";
import { once, parse } from "./parse.ts";

const body = once((z, references) => {
  const { image, tag } = names({ z, references });
  return z.object({ image, tag: tag.optional() });
});

/** `{"image": "reg.example/app", "tag": "1.3.0"}`, for scripts; the tag, and a digest, may stand in `image`. */
export const plain: Format = {
  recognises: (body) => "image" in body,
  read(value, call) {
    const { image, tag = image.tag } = parse(body(call), value, call);
    if (tag !== undefined && tag !== (image.tag ?? tag)) return call.refuse("tag", "image has another tag");
    if (tag !== undefined) return [{ ...image, tag }];
    return image.digest === undefined ? call.refuse("tag", "a tag is wanted, here or in image") : [untagged];
  },
};
