// What reading the chosen token did: what each layer added to the residual stream, and who wrote how much of it.

import { element } from "./nodes.js";
import { byID, expertsOf, meanSightOf, slots, streamOf, tokens, windows } from "./data.js";
import { bar, cell, chip, count, jump, number, percent, size, table, tenths, visit } from "./pieces.js";
import { choice, choose, onChoice } from "./choice.js";

/** The details of the chosen layer, which open below its rows: details.js fills them. */
export const details = element("div", { id: "details" });
const detailsBody = element("tbody", { id: "details-row" }, element("tr", {}, element("td", { colspan: "6" }, details)));

let bodies = [];

onChoice((changed) => {
  if (changed.includes("token")) showLayers();
  else if (!changed.includes("layer")) return;
  const hadFocus = byID("layers").contains(document.activeElement) && document.activeElement.matches("th button");
  bodies.forEach((body, index) => {
    if (index === choice.layer) body.setAttribute("aria-current", "true");
    else body.removeAttribute("aria-current");
    body.querySelector("th button").setAttribute("aria-expanded", String(index === choice.layer));
  });
  bodies[choice.layer].after(detailsBody);
  if (hadFocus) bodies[choice.layer].querySelector("button").focus({ preventScroll: true });
});

function showLayers() {
  const focused = bodies.findIndex((body) => body.querySelector("th button") === document.activeElement);
  const next = choice.token + 1;
  byID("layers-title").textContent = `What reading it did (for ${next < tokens.length ? `token ${next}, the one after it` : "the token after it"})`;
  byID("layers-next").replaceChildren(next < tokens.length
    ? jump(`How token ${next} came →`, () => { visit(next); byID("arrival-title").scrollIntoView({ block: "start" }); })
    : "No other token follows.");
  const written = windows.flatMap((_, index) =>
    [streamOf(index, choice.token).attention, ...expertsOf(index, choice.token).map(({ wrote }) => wrote)]);
  const largest = Math.max(0, ...written.filter(Number.isFinite));
  byID("layers-note").textContent = `A full bar is ${size(largest)}, the most for this token. ${windowNote()}`;
  bodies = windows.map((_, index) => bodyOf(index, largest));
  byID("layers").replaceChildren(table(
    ["Layer", "Who", "Weight", "Wrote", "Share of the stream", "Bar"], bodies));
  if (focused >= 0) bodies[focused].querySelector("button").focus({ preventScroll: true });
}

/** How far the heads see, said once for all layers. */
function windowNote() {
  const narrow = windows.filter((window) => window !== null);
  if (narrow.length === 0) return "The heads of all layers see all tokens up to the one that is read.";
  if (narrow.length === windows.length) return `The heads of all layers see the last ${count(narrow[0], "token")} alone, the one that is read included.`;
  return `In ${count(windows.length - narrow.length, "layer")} the heads see all tokens so far; in the other ${narrow.length} ` +
    `they see the last ${count(narrow[0], "token")} alone, the one that is read included, which costs less.`;
}

function bodyOf(index, largest) {
  const { before, attention, middle, after } = streamOf(index, choice.token);
  const experts = expertsOf(index, choice.token);
  const most = Math.max(attention, ...experts.map(({ wrote }) => wrote));
  const length = (wrote) => number(size(wrote), wrote === most ? " (most)" : null);
  const sight = meanSightOf(index, choice.token);
  const body = element("tbody", { "data-layer": index },
    element("tr", { class: attention === most ? "chosen" : null },
      element("th", { scope: "rowgroup", rowspan: slots + 2 },
        element("button", { type: "button", "aria-label": `Layer ${index}`, "aria-expanded": "false" }, String(index))),
      cell("attention"), number("–"), length(attention), number(percent(attention / before)), cell(bar(attention / largest))),
    ...experts.map(({ expert, weight, wrote }) => element("tr", { class: wrote === most ? "expert chosen" : "expert" },
      cell(element("span", { class: "together" }, `expert ${expert}`)), number(percent(weight)),
      length(wrote), number(percent(wrote / middle)), cell(bar(wrote / largest)))),
    element("tr", {}, element("td", { colspan: "5" }, element("div", { class: "stream" },
      element("span", {}, `Stream: ${size(before)} before, ${size(middle)} after attention, ${size(after)} after the experts.`), " ",
      element("span", {}, `Mean of its heads: ${tenths(sight.sink)} to the sink, `,
        ...sight.looks.slice(0, 2).map(({ position, share }) => chip(position, tenths(share), { tabindex: "-1" })))))));
  body.addEventListener("click", (event) => { if (!event.target.closest(".chip")) openLayer(index, body); });
  return body;
}

/** Chooses a layer and brings its details into view. Those that are in view stay where they are. */
export function openLayer(index, held) {
  const place = detailsBody.getBoundingClientRect();
  const isInView = place.top < innerHeight * 0.7 && place.bottom > innerHeight * 0.2;
  choose({ layer: index }, held ?? (isInView ? detailsBody : undefined));
  if (isInView && !held) return;
  const [row, below] = [bodies[choice.layer].getBoundingClientRect(), detailsBody.getBoundingClientRect()];
  // As much as there is room for, with the layer's own rows above it.
  if (row.top < 0 || row.top > innerHeight) scrollBy(0, row.top - 16);
  else if (below.bottom > innerHeight) scrollBy(0, Math.min(below.bottom - innerHeight, row.top - 16));
}
