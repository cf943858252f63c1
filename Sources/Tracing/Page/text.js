// The text, token by token; and what colors it: where a head looked, or what an expert worked on.

import { element, inert } from "./nodes.js";
import { byID, leastCertain, partName, partsOfText, tokens } from "./data.js";
import { chip, dotted, jump, percent, probability } from "./pieces.js";
import { choice, choose, onChoice } from "./choice.js";

const text = byID("text");

/** A token as it stands in the text: spaces, tabs and ends of lines are seen, and are what they are. */
function spanOf(token, index) {
  const shown = inert(token.text).replace(/\t/g, "⇥\t").replace(/\n/g, "⏎\n");
  const classes = ["t", token.channel, token.generated ? "written" : null, shown === " " ? "lone" : null];
  return element("span", {
    class: classes.filter(Boolean).join(" "), id: `t${index}`, role: "option", "aria-selected": "false",
    "data-token": index, title: `Token ${index}`,
  }, ...dotted(shown));
}

const spans = tokens.map(spanOf);

/** Where the model begins to write, or no longer does, a line says so. */
const boundary = (index) => element("span", { class: "boundary", "aria-hidden": "true" },
  tokens[index].generated ? "from here the model writes" : "from here the text is given");

// A line may end beside a marker, but not within one.
const isMarker = (index) => tokens[index]?.channel === "format";
text.append(...spans.flatMap((span, index) => [
  ...(isMarker(index - 1) || isMarker(index) ? [element("wbr")] : []),
  ...(tokens[index].generated !== (tokens[index - 1]?.generated ?? false) ? [boundary(index)] : []), span]));
text.addEventListener("click", (event) => {
  const node = event.target.closest(".t");
  if (node) { choose({ token: Number(node.dataset.token) }); text.focus({ preventScroll: true }); }
});

const isWritten = tokens.some((token) => token.generated);
byID("legend").append(...partsOfText.map((part) => element("li", {}, element("span", { class: `t ${part}` }, partName(part)))),
  ...(isWritten ? [element("li", {}, element("span", { class: "t written" }, "written by the model")), element("li", {}, "the rest was given")] : []));
byID("least").append(isWritten ? "Least certain tokens: " : "Tokens least expected: ",
  ...leastCertain(8).map((index) => chip(index, percent(probability(tokens[index].log_probability)))));

let shown = null;
onChoice((changed) => {
  if (!changed.includes("token")) return;
  shown?.setAttribute("aria-selected", "false");
  shown = spans[choice.token];
  shown.setAttribute("aria-selected", "true");
  text.setAttribute("aria-activedescendant", shown.id);
  reveal(choice.token);
});

/** Brings a token into sight: the box scrolls, the page does not. */
export function reveal(token) {
  const [box, place] = [text.getBoundingClientRect(), spans[token].getBoundingClientRect()];
  const end = Math.min(box.bottom, Math.max(innerHeight, box.top + 96));
  if (place.top < box.top) text.scrollTop -= box.top - place.top + 16;
  else if (place.bottom > end) text.scrollTop += place.bottom - end + 16;
}

// Highlights.

let owner = null;

/**
 * Colors tokens of the text, brings the strongest into sight, and says what that means. One highlight is there at a
 * time: the one before it ends.
 * @param by whose it is: its `end` is called when it ends; its `source()` was chosen for it, within `name`
 * @param depths how strong the color of a token is, 0 to 1
 * @param words what stands below the text, and is read out
 * @param more what stands below that
 */
export function highlight(by, depths, words, ...more) {
  if (owner !== by) clearHighlight();
  owner = by;
  spans.forEach((span, token) => {
    const depth = depths.get(token);
    span.style.background = depth === undefined ? "" : `color-mix(in oklab, var(--lit) ${(30 + 70 * depth).toFixed(0)}%, var(--paper))`;
    span.style.color = depth === undefined ? "" : "var(--ink)";
    span.toggleAttribute("data-lit", depth !== undefined);
  });
  byID("highlight-words").textContent = words;
  // Where the text is not beside what was chosen, there are ways to both.
  const way = (name, node) => element("span", { class: "way" }, jump(`To ${name}`, () => node().scrollIntoView({ block: "center" })), " ");
  byID("highlight-keys").replaceChildren(way("the text", () => text), way(by.name, by.source),
    element("button", { type: "button", onclick: () => clearHighlight() }, "Clear highlight"));
  byID("highlight-more").replaceChildren(...more);
  const [strongest] = [...depths].sort((a, b) => b[1] - a[1]);
  if (strongest) reveal(strongest[0]);
}

/** Ends the highlight; with `by`, if it is theirs. */
export function clearHighlight(by = owner) {
  if (!owner || by !== owner) return;
  const ended = owner;
  owner = null;
  for (const span of spans) { span.removeAttribute("style"); span.removeAttribute("data-lit"); }
  for (const part of byID("highlight").children) part.replaceChildren();
  ended.end();
}
