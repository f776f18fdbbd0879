import * as z from "zod";

const PAGE = "a whole number from 1 on is wanted";

/** The number of a page of a list. */
export const PAGE_NUMBER = z.coerce.number<string>(PAGE).int(PAGE).min(1, PAGE)
  .max(Number.MAX_SAFE_INTEGER, "there are not so many pages").default(1);

/** A name of Kubernetes' that a list is narrowed down to. */
export const NAME = z.string().max(253).optional();
