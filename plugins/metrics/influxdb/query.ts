import { jsonObject, wholeAnswer, words } from "../answers/whole_answer.ts";
import type { MetricsContext } from "../../../core/plugin.ts";

export interface FluxQuery {
  url: string;
  org: string;
  token: string;
  flux: string;
}

/**
 * The answer to a query, in annotated CSV.
 *
 * Source: https://docs.influxdata.com/influxdb/v2/query-data/execute-queries/influx-api/
 *
 * @throws in words, also those of InfluxDB, where there is no good answer
 */
export async function query(
  { url, org, token, flux }: FluxQuery,
  fetch: MetricsContext["fetch"],
  signal: AbortSignal,
): Promise<string> {
  const headers = {
    authorization: `Token ${token}`,
    "content-type": "application/vnd.flux",
    accept: "application/csv",
  };
  const { status, type, text } = await wholeAnswer(
    "InfluxDB",
    () =>
      fetch(`${url}/api/v2/query?${new URLSearchParams({ org })}`, {
        method: "POST",
        headers,
        body: flux,
        redirect: "manual",
        signal,
      }),
    signal,
  );
  if (status !== 200) throw new Error(`InfluxDB answered ${status}${words(jsonObject("InfluxDB", text)?.message)}`);
  // an answer without records is empty, and may have no type
  if (text.trim() !== "" && !/\bcsv\b/.test(type)) throw new Error("InfluxDB answered with what is no CSV");
  return text;
}
