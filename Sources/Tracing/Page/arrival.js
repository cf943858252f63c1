// How the chosen token came: what the model gave it, how the sampler chose it, what each layer would have said.

import { element } from "./nodes.js";
import { byID, tokens, trace, partName } from "./data.js";
import { bar, cell, chip, code, jump, number, percent, probability, table, visit } from "./pieces.js";
import { choice, onChoice } from "./choice.js";

const stages = {
  mask: "the format’s rules", bias: "biases", penalties: "penalties", "top-k": "top-k", "top-p": "top-p", "min-p": "min-p",
};

onChoice((changed) => {
  if (!changed.includes("token")) return;
  const token = tokens[choice.token];
  byID("token-title").replaceChildren(`Token ${choice.token}: `, code(token.text));
  byID("token-note").replaceChildren(
    `${token.generated ? "The model wrote it" : "It was given to the model"}. Part: ${partName(token.channel)}. `,
    element("span", { class: "dim" }, `Number ${token.id} of the vocabulary.`));
  showOrigin(token);
  byID("sampler").replaceChildren(...samplerOf(token));
  byID("alternatives").replaceChildren(...alternativesOf(token));
  byID("lens").replaceChildren(...lensOf(token));
});

/** What the model had read, and the way to its layers. */
function showOrigin(token) {
  if (choice.token === 0) {
    byID("arrival-title").textContent = "How this token came";
    byID("arrival-note").replaceChildren("It is the first token, which nothing predicts.");
    return;
  }
  const before = choice.token - 1;
  byID("arrival-title").textContent = `How this token came (the model had read token ${before})`;
  byID("arrival-note").replaceChildren(
    "The last token that the model had read was ", chip(before), ". It gave this one a probability of ",
    element("strong", {}, percent(probability(token.log_probability))), ". ",
    jump(`The layers that produced this token → ${before}`, () => {
      visit(before);
      byID("layers-title").scrollIntoView({ block: "start" });
    }));
}

/** The sampler's stages; those that were off are said to be. */
function samplerOf({ sampling, alternatives, generated }) {
  if (!sampling) {
    if (alternatives.length === 0) return [];
    return [generated ? "How the sampler chose it is not recorded." : "These are the model’s guesses. The token was given, not drawn."];
  }
  const all = trace.vocabulary.toLocaleString("en");
  const left = new Map(sampling.steps.map(({ stage, remaining }) => [stage, remaining]));
  const used = Object.keys(stages).filter((stage) => left.has(stage))
    .map((stage) => `${stages[stage]}: ${left.get(stage).toLocaleString("en")} of ${all} left`);
  used.push(trace.temperature === 0 ? "the likeliest one was taken (temperature 0)" : `one was drawn at temperature ${trace.temperature}`);
  const off = Object.keys(stages).filter((stage) => !left.has(stage)).map((stage) => stages[stage]);
  return [`The sampler: ${used.join(" → ")}.`, off.length ? ` Off: ${off.join(", ")}.` : ""];
}

function alternativesOf(token) {
  const { sampling } = token;
  const rows = sampling
    ? sampling.candidates.map((one) => rowOf(one.id === token.id, one.dropped_by, one.text, one.probability,
      one.dropped_by ? `dropped by ${stages[one.dropped_by] ?? one.dropped_by}` : percent(one.draw_probability)))
    : token.alternatives.map((one) => rowOf(one.id === token.id, null, one.text, probability(one.log_probability)));
  if (rows.length === 0) return [];
  const names = ["Token", "Model’s probability", "Bar: full is 100 %"];
  if (!sampling) return [table(names, rows)];
  return [table([...names, "In the draw"], rows), element("p", { class: "dim" },
    "In the draw: the probability with which the sampler takes a token. Those that are left share what the dropped ones had.")];
}

function rowOf(isChosen, isGone, string, share, draw) {
  return element("tr", { class: isChosen ? "chosen" : isGone ? "gone" : null },
    cell(element("span", { class: "together" }, code(string), isChosen ? " ✓ this one" : "")), number(percent(share)), cell(bar(share)),
    draw === undefined ? null : number(draw));
}

function lensOf({ lens }) {
  if (choice.token === 0) return [];
  const title = element("h4", {}, "The lens: what each layer would have said here");
  if (!lens) return [title, element("p", { class: "dim" }, "It was not read for this token; --lens all reads it for every token.")];
  const first = lens.findIndex((reading) => reading.rank === 0);
  const rows = lens.map((reading, index) => element("tr", { class: index === first ? "chosen" : null },
    element("th", { scope: "row" }, `Layer ${index}`),
    element("td", { class: "pairs" }, ...reading.best.slice(0, 3).map((one) =>
      element("span", { class: "pair" }, code(one.text), ` at ${percent(probability(one.log_probability))}`))),
    number((reading.rank + 1).toLocaleString("en"), index === first ? element("span", { class: "together" }, " first said here") : null),
    number(percent(probability(reading.log_probability)))));
  return [
    title,
    element("p", { class: "dim" }, "The lens makes a guess of the residual stream after each layer, as if the model ended there. " +
      "It shows where the answer took shape; early layers are not made for that, so their guesses are rough."),
    element("div", { class: "scroll", tabindex: "0" },
      table(["If the model ended after", "It would have said", "This token’s place", "and probability"], rows)),
  ];
}
