import * as z from "zod";

/** `config.yaml` in the ConfigMap `headwind-ui-config`, which is mounted at `/etc/headwind/ui`. */
export const uiConfig = z.object({
  refresh_interval: z.number().int().min(5).max(86_400).default(30).describe(
    "Seconds after which an open page is read anew although nothing was told to have changed; what changes is shown at once",
  ),
  max_items_per_page: z.number().int().min(1).max(1000).default(20).describe("Lines on a page of a list"),
});

export type UiConfig = z.infer<typeof uiConfig>;
