// The chosen layer: its router's choice, and where its heads looked.

import { element } from "./nodes.js";
import { expertsOf, headCount, kept, numbers, sightOf, slots, windows } from "./data.js";
import { bar, chip, number, percent, size, table, tenths } from "./pieces.js";
import { choice, choose, onChoice } from "./choice.js";
import { clearHighlight, highlight, reveal } from "./text.js";
import { details } from "./layers.js";

onChoice((changed) => {
  const focused = details.contains(document.activeElement) ? document.activeElement.dataset.head : undefined;
  if (changed.includes("token") || changed.includes("layer")) {
    details.replaceChildren(
      element("h4", { id: "layer-title" }, `Layer ${choice.layer}, reading token ${choice.token}`),
      ...router(), ...heads());
  }
  for (const button of details.querySelectorAll("#heads th button")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.head) === choice.head));
    if (button.dataset.head === focused) button.focus({ preventScroll: true });
  }
  if (choice.head === null) clearHighlight(headLight);
  else {
    lightHead();
    if (changed.includes("token")) reveal(choice.token);
  }
});

function router() {
  const logits = numbers("router", choice.layer, choice.token);
  const chosen = new Map(expertsOf(choice.layer, choice.token).map(({ expert, weight }) => [expert, weight]));
  const first = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - first));
  const sum = powers.reduce((total, power) => total + power, 0);
  const largest = Math.max(...powers) / sum;
  const others = [...logits.keys()].filter((expert) => !chosen.has(expert));
  const second = others.length ? others.reduce((best, expert) => (logits[expert] > logits[best] ? expert : best)) : null;
  const mark = (expert) => (chosen.has(expert) ? ` ✓ chosen, weight ${percent(chosen.get(expert))}` : expert === second ? " runner-up" : null);
  const words = (...pieces) => element("span", { class: "together" }, ...pieces);
  return [
    element("h5", {}, "The router’s choice"),
    element("p", { class: "dim" }, `The router gives each expert a number, and the ${slots} largest are chosen. Only differences between ` +
      `the numbers count, so a negative one means nothing by itself. A full bar is ${percent(largest)}.`),
    element("p", { id: "router-note" }, second === null ? "All experts work."
      : `The chosen share the whole weight among themselves. Runner-up: expert ${second}, ${size(logits[second])}.`),
    element("div", { id: "router" }, ...powers.map((power, expert) => element("div", { class: chosen.has(expert) ? "chosen" : null },
      words(`expert ${expert}: number ${size(logits[expert])},`), " ", words(`${percent(power / sum)} if all worked`), words(mark(expert)),
      bar(power / sum / largest)))),
  ];
}

function heads() {
  const window = windows[choice.layer];
  const rows = Array.from({ length: headCount }, (_, head) => {
    const { sink, looks, others } = sightOf(choice.layer, choice.token, head);
    const seen = Math.min(choice.token + 1, window ?? Infinity);
    // Where no other token is seen, what is left comes of rounding.
    const rest = seen > looks.length && others >= 0.0005
      ? element("span", { class: "pair dim" }, `${looks.length ? "other tokens" : "all tokens together"} ${tenths(others)}`) : null;
    const isNothing = looks.length === 0 && rest === null;
    return element("tr", {},
      element("th", { scope: "row" }, element("button", {
        type: "button", "aria-pressed": "false", "aria-label": `Head ${head}: show in the text`, "data-head": head,
        onclick: (event) => {
          choose({ head: choice.head === head ? null : head });
          event.currentTarget.scrollIntoView({ block: "nearest" });
        },
      }, String(head))),
      number(tenths(sink)),
      element("td", { class: "pairs" },
        ...looks.map(({ position, share }) => chip(position, tenths(share), { tabindex: "-1" })), rest,
        isNothing ? element("span", { class: "dim" }, "nothing: the sink took it all, but for less than 0.2 %") : null));
  });
  return [
    element("h5", {}, "Where the heads looked"),
    element("p", { class: "dim" },
      (window === null ? "They see all tokens so far. " : `They see the last ${window.toLocaleString("en")} tokens. `) +
      "The sink is no token: a head that finds nothing to look for gives its share there, and so adds little. " +
      `Choose a head to color the text with its shares: the stronger the color, the larger the share. ${kept < 8 ? `This page keeps the ${kept} largest of each head; the trace in JSON has 8.`
        : "The eight largest are shown."} In parentheses stands which token it is. Shares are kept in steps of 0.4 %.`),
    element("div", { class: "scroll", id: "heads" }, table(["Head", "To the sink", "To tokens"], rows)),
  ];
}

// A head in the text.

const headLight = {
  name: "the heads",
  source: () => details.querySelector('#heads [aria-pressed="true"]'),
  end: () => choose({ head: null }),
};

function lightHead() {
  const { sink, looks, others } = sightOf(choice.layer, choice.token, choice.head);
  const largest = looks[0]?.share ?? 0;
  highlight(headLight, new Map(looks.map(({ position, share }) => [position, share / largest])),
    `Head ${choice.head} of layer ${choice.layer}, reading token ${choice.token}: ${tenths(sink)} to the sink, ` +
      `${tenths(others)} to tokens that are not colored${looks.length ? ". Most went to:" : "."}`,
    ...looks.slice(0, 1).map(({ position, share }) => chip(position, tenths(share))));
}
