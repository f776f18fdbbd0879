import { clock } from "./time.ts";
import { type Html, html } from "../html.ts";

const TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)/;

/** A sentence of Headwind's, with the times in it as times of the reader's zone. */
export const sentence = (text: string): Html =>
  html`${text.split(TIME).map((part, at) => at % 2 === 1 ? clock(part) : part)}`;
