/** What was given is no place with charts; the message is a sentence that says why, without a login or a query. */
export class InvalidChartSource extends Error {
  override readonly name = "InvalidChartSource";
}
