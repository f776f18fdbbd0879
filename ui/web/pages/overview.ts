import { html } from "../html.ts";
import { NO_QUERY, page, region } from "../page.ts";

export default page({
  path: "/",
  query: NO_QUERY,
  read: ({ context }) => ({ pending: context.requests.pending() }),
  title: () => "Overview",
  regions: ({ pending }) => [
    region(
      "waiting",
      html`
        <h2>Waits</h2>
        <p>${pending === 0 ? "Nothing waits" : `${pending} wait`}</p>
      `,
    ),
  ],
});
