// The map of experts: how much each worked on the text or on a part of it.

import { element } from "./nodes.js";
import { byID, expertCount, expertsOf, numbers, partName, partsOfText, tokens, tokensOf, windows } from "./data.js";
import { chip, count, percent } from "./pieces.js";
import { steady } from "./choice.js";
import { clearHighlight, highlight } from "./text.js";

const listedCount = 40;
const map = byID("map");
const partChoice = byID("part");
const option = (value, words) => element("option", { value }, `${words}, ${count(tokensOf(value).length, "token")}`);
partChoice.append(option("", "the whole text"), ...partsOfText.map((part) => option(part, partName(part))));
partChoice.addEventListener("change", () => steady(map, showMap));

/** The expert whose tokens are shown in the text; it stays when the part changes. */
let marked = null;
/** The cell that the Tab key comes to. */
let tabStop = { layer: 0, expert: 0 };
const cellOf = ({ layer, expert }) => map.querySelector(`button[data-layer="${layer}"][data-expert="${expert}"]`);

export function showMap() {
  const part = tokensOf(partChoice.value);
  const head = element("tr", {}, element("th", { scope: "col" }, "Layer"),
    ...Array.from({ length: expertCount }, (_, expert) => element("th", { scope: "col", "aria-label": `Expert ${expert}` }, String(expert))));
  const rows = windows.map((_, layer) => rowOfMap(layer, part));
  const grid = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  grid.style.maxWidth = `${3 + 2.75 * expertCount}rem`;
  map.replaceChildren(grid);
  cellOf(tabStop).tabIndex = 0;
  if (marked) mark(marked);
}

function rowOfMap(layer, part) {
  const sums = new Float64Array(expertCount);
  for (const token of part) {
    const weights = numbers("weights", layer, token);
    numbers("experts", layer, token).forEach((expert, slot) => { sums[expert] += weights[slot] / 65535; });
  }
  const most = sums.indexOf(Math.max(...sums));
  return element("tr", {}, element("th", { scope: "row" }, String(layer)), ...Array.from(sums, (sum, expert) => {
    const share = part.length ? sum / part.length : 0;
    const isBusiest = expert === most && share > 0;
    const node = element("button", {
      type: "button", tabindex: "-1", "aria-pressed": "false", "data-layer": layer, "data-expert": expert, class: isBusiest ? "busiest" : null,
      "aria-label": `Layer ${layer}, expert ${expert}: ${percent(share)}${isBusiest ? ", the busiest of its layer" : ""}`,
    }, (100 * share).toFixed(1));
    // From the paper's color to the map's, at most so far that the number stays readable.
    const depth = Math.min(1, share * expertCount / 3) * 40;
    node.style.background = `color-mix(in oklab, var(--heat) ${depth.toFixed(1)}%, var(--paper))`;
    return element("td", {}, node);
  }));
}

const mapLight = {
  name: "the map",
  source: () => cellOf(marked),
  end: () => { cellOf(marked)?.setAttribute("aria-pressed", "false"); marked = null; },
};

/** Shows in the text what an expert worked on, of the chosen part. */
function mark({ layer, expert }) {
  const part = tokensOf(partChoice.value);
  const worked = part.map((token) => ({ token, weight: expertsOf(layer, token).find((one) => one.expert === expert)?.weight }))
    .filter(({ weight }) => weight !== undefined).sort((a, b) => b.weight - a.weight);
  if (marked) cellOf(marked).setAttribute("aria-pressed", "false");
  marked = { layer, expert };
  cellOf(marked).setAttribute("aria-pressed", "true");
  const place = partChoice.value ? ` of ${partName(partChoice.value)}` : "";
  highlight(mapLight, new Map(worked.map(({ token, weight }) => [token, weight])),
    `Expert ${expert} of layer ${layer} worked on ${worked.length} of ${count(part.length, "token")}${place}, with these weights:`,
    element("div", { id: "worked" }, ...worked.slice(0, listedCount).map(({ token, weight }) => chip(token, percent(weight))),
      worked.length > listedCount ? `and ${worked.length - listedCount} more, which the text shows.` : null));
}

const placeOf = (node) => ({ layer: Number(node.dataset.layer), expert: Number(node.dataset.expert) });

map.addEventListener("click", (event) => {
  const node = event.target.closest("button");
  if (!node) return;
  const isOn = node.getAttribute("aria-pressed") === "true";
  steady(node, () => { goTo(placeOf(node)); if (isOn) clearHighlight(); else mark(placeOf(node)); });
  node.scrollIntoView({ block: "nearest", inline: "nearest" });
});

/** Makes a cell the one that the Tab key comes to. */
function goTo(place) {
  cellOf(tabStop).tabIndex = -1;
  tabStop = place;
  cellOf(tabStop).tabIndex = 0;
}

map.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -expertCount], End: [0, expertCount] };
  const step = steps[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  // Within the map these keys go from cell to cell, and from no token to another.
  event.stopPropagation();
  const within = (index, length) => Math.max(0, Math.min(length - 1, index));
  goTo({ layer: within(tabStop.layer + step[0], windows.length), expert: within(tabStop.expert + step[1], expertCount) });
  cellOf(tabStop).focus();
});
