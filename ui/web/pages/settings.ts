import { type Html, html } from "../html.ts";
import { limits, notice } from "../parts/notice.ts";
import { type Look, SIGNS } from "../parts/looks.ts";
import { status } from "../parts/status.ts";
import { NO_QUERY, page, region } from "../page.ts";
import { table } from "../parts/table.ts";
import { time } from "../parts/time.ts";
import type { ConfigFileRow, PluginRow, SettingRow, SettingsReport } from "../../../core/web.ts";

interface Data extends SettingsReport {
  /** This replica. */
  identity: string;
  /** Whether it delivers notifications. */
  notifies: boolean;
}

export default page({
  path: "/settings",
  query: NO_QUERY,
  read: ({ context }): Data => ({
    ...context.settings.report(),
    identity: context.identity,
    notifies: context.health.notifiers?.() !== undefined,
  }),
  title: () => "Settings",
  regions: ({ settings, files, plugins, identity, notifies }) => [
    region("files", html`${files.map(file)}`),
    region("plugins", html`<h2>Plugins</h2>${pluginTable(plugins)}${deliveries(plugins, notifies)}`),
    region(
      "environment",
      html`<h2>Environment</h2>${settingTable("environment-list", "Settings of the operator", settings)}`,
    ),
    region(
      "limits",
      limits(html`
        Read as this replica, <b>${identity}</b>, runs with it. What is set in the environment counts from a start on. Of secrets, and of
        texts that may hold one, it is told whether they are set.
      `),
    ),
  ],
});

const states: Record<ConfigFileRow["status"], Look> = {
  absent: { word: "Absent", ...SIGNS.absent },
  read: { word: "Read", ...SIGNS.good },
  broken: { word: "Broken", ...SIGNS.bad },
};

function file({ name, path, status: state, readAt, problems, unknown, settings }: ConfigFileRow): Html {
  const since = readAt === undefined ? "" : html`; what counts was read ${time(readAt)}`;
  const what = {
    absent: html`it is not there, so the defaults count`,
    read: html`it counts${since}`,
    broken: readAt === undefined
      ? html`it cannot be used, so the defaults count`
      : html`it cannot be used${since}, before it broke`,
  }[state];
  return html`
    <h2>ConfigMap <code>${name}</code></h2>
    <p>${status(states[state])} <code>${path}</code>: ${what}.</p>
    ${problems.length === 0 ? "" : notice("bad", sentences(problems))}
    ${unknown.length === 0 ? "" : notice("warn", sentences(unknown))}
    ${settingTable(`${name}-list`, `Settings of the ConfigMap ${name}`, settings)}
  `;
}

const sentences = (all: readonly string[]): Html =>
  all.length === 1 ? html`<p>${all[0]}</p>` : html`<ul>${all.map((one) => html`<li>${one}</li>`)}</ul>`;

function settingTable(id: string, caption: string, settings: readonly SettingRow[]): Html {
  return table({
    id,
    caption,
    class: "settings",
    columns: [{ name: "Setting" }, { name: "Value" }, { name: "From", look: "narrow" }, { name: "Meaning" }],
    rows: settings.map((setting) => ({
      id: `${id}-${setting.name}`,
      cells: [html`<code>${setting.name}</code>`, value(setting), from(setting), meaning(setting.description)],
    })),
  });
}

function value({ value, isSet }: SettingRow): Html | string {
  if (value !== undefined) return html`<code>${value}</code>`;
  return isSet ? "set" : "not set";
}

const from = ({ from }: SettingRow): Html | string => from === "default" ? from : html`<b>${from}</b>`;

/** Descriptions have names in backticks. */
function meaning(text: string): Html {
  const parts = text.split("`");
  return html`${parts.map((part, index) => index % 2 === 1 ? html`<code>${part}</code>` : part)}`;
}

function pluginTable(plugins: readonly PluginRow[]): Html {
  return table({
    id: "plugin-list",
    class: "plugins",
    caption: "Plugins",
    columns: [{ name: "Plugin" }, { name: "State" }, { name: "Comes from" }, { name: "Does" }, { name: "Settings" }],
    rows: plugins.map((plugin) => ({
      id: `plugin-${plugin.id}`,
      cells: [
        html`<code>${plugin.id}</code>`,
        status(pluginState(plugin)),
        plugin.isDisabled ? "" : plugin.isOwn ? html`<code>HEADWIND_PLUGINS_DIR</code>` : "Headwind",
        meaning(plugin.description),
        plugin.settings.length === 0 ? "none" : html`
          <ul class="plain">
            ${plugin.settings.map((setting) =>
              html`
                <li><code>${setting.name}</code>: ${value(setting)} (${from(setting)})</li>
              `
            )}
          </ul>
        `,
      ],
    })),
  });
}

function pluginState({ isDisabled, delivery }: PluginRow): Look {
  if (isDisabled) return { word: "Left out", ...SIGNS.refused };
  if (delivery === "failing") return { word: "Last delivery failed", ...SIGNS.bad };
  if (delivery === "ok") return { word: "Delivers", ...SIGNS.good };
  return { word: "Loaded", ...SIGNS.usual };
}

function deliveries(plugins: readonly PluginRow[], notifies: boolean): Html {
  if (notifies || !plugins.some(({ id }) => id.startsWith("notifier/"))) return html``;
  return limits("How the deliveries of notifiers go is told by the replica that holds the Lease.");
}
