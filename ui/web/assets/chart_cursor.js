import { onChange } from "./on_change.js";

/** The picture whose point is read out, by the id of its plot, which outlives a swap; and the point, by the time it is at. */
let read;

const plotOf = (target) => target?.closest?.(".drawing")?.querySelector("svg.plot");
const figureOf = (plot) => plot.closest("figure.picture");
const rowsOf = (plot) => [...figureOf(plot).querySelectorAll(".numbers tr[data-x]")];
const placeOf = (row) => Number(row.dataset.x);

/** The point that is nearest to a place of the width, from 0 to 100. */
function nearest(rows, place) {
  let best = 0;
  rows.forEach((row, index) => {
    if (Math.abs(placeOf(row) - place) < Math.abs(placeOf(rows[best]) - place)) best = index;
  });
  return best;
}

/** "11:06:02: old 2, new, ready 1", from the table below the picture. */
function sentence(row) {
  const heads = [...row.closest("table").querySelectorAll("thead th")].map((head) => head.textContent.trim());
  const [at, ...values] = [...row.cells].map((cell) => cell.textContent.trim());
  const told = values.map((value, index) => value === "" ? "" : `${heads[index + 1]} ${value}`);
  return `${at}: ${told.filter((text) => text !== "").join(" · ")}`;
}

function show(plot, index) {
  const rows = rowsOf(plot);
  const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
  if (!row) return;
  if (read && read.id !== plot.id) hide();
  read = { id: plot.id, at: row.querySelector("time")?.dateTime, index: rows.indexOf(row), by: read?.by };
  const line = plot.querySelector(".cursor");
  for (const end of ["x1", "x2"]) line.setAttribute(end, `${row.dataset.x}%`);
  line.setAttribute("visibility", "visible");
  const output = figureOf(plot).querySelector(".reading");
  const text = sentence(row);
  if (output.textContent !== text) output.textContent = text;
}

function hide() {
  const plot = read && document.getElementById(read.id);
  read = undefined;
  if (!plot) return;
  plot.querySelector(".cursor").setAttribute("visibility", "hidden");
  figureOf(plot).querySelector(".reading").textContent = "";
}

document.addEventListener("pointermove", (event) => {
  const plot = plotOf(event.target);
  if (!plot) {
    if (read?.by === "pointer") hide();
    return;
  }
  const { left, width } = plot.getBoundingClientRect();
  show(plot, nearest(rowsOf(plot), (event.clientX - left) / width * 100));
  if (read) read.by = "pointer";
});

const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const plot = plotOf(document.activeElement);
  if (!plot || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") return hide();
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const from = read?.id === plot.id ? read.index : step > 0 ? -1 : rowsOf(plot).length;
  show(plot, from + step);
  if (read) read.by = "keys";
});

document.addEventListener("focusout", (event) => plotOf(event.target) && read?.by === "keys" && hide());

/** After a swap the same moment is read out again; it may have moved, and it may be gone. */
onChange(() => {
  const plot = read && document.getElementById(read.id);
  if (!read) return;
  if (!plot) return void (read = undefined);
  const rows = rowsOf(plot);
  const same = rows.findIndex((row) => row.querySelector("time")?.dateTime === read.at);
  show(plot, same === -1 ? read.index : same);
});
