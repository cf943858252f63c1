// How the chosen token came: what the model gave it, how the sampler chose it, what each layer would have said.

import { element } from "./nodes.js";
import { byID, tokens, trace, partName } from "./data.js";
import { bar, cell, chip, code, jump, number, percent, probability, table, visit } from "./pieces.js";
import { choice, onChoice } from "./choice.js";

/** The sampler's stages: their names, and what one does that leaves so many tokens. */
const stages = {
  mask: ["the format’s rules", () => "forbid what may not stand here, such as a marker within a sentence"],
  bias: ["biases", () => "make some tokens likelier or rarer, as was asked for"],
  penalties: ["penalties", () => "make tokens rarer that came before"],
  "top-k": ["top-k", (left) => `keeps the ${left.toLocaleString("en")} likeliest`],
  "top-p": ["top-p", () => `keeps the likeliest, until they have ${percent(trace.top_p)} together`],
  "min-p": ["min-p", () => `drops what is less than ${percent(trace.min_p)} as likely as the likeliest`],
};

onChoice((changed) => {
  if (!changed.includes("token")) return;
  const token = tokens[choice.token];
  byID("token-title").replaceChildren(`Token ${choice.token}: `, code(token.text));
  byID("token-note").replaceChildren(
    `${token.generated ? "The model wrote it" : "It was given to the model"}. Part: ${partName(token.channel)}. `,
    element("span", { class: "dim" }, `Number ${token.id} of the ${trace.vocabulary.toLocaleString("en")} tokens that the model knows.`));
  byID("moments").textContent = moments();
  showOrigin(token);
  byID("sampler").replaceChildren(...samplerOf(token));
  byID("alternatives").replaceChildren(...alternativesOf(token));
  byID("lens").replaceChildren(...lensOf(token));
});

/** The two moments that the page tells of. */
function moments() {
  const [before, next] = [choice.token - 1, choice.token + 1];
  const served = next < tokens.length ? `token ${next}` : "the token after it";
  if (before < 0) return `Reading this token gave the guesses for ${served}.`;
  return `Two moments: reading token ${before} gave the guesses for this one; reading this one gave the guesses for ${served}.`;
}

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

/** What the sampler's stages did; those that were off are said to be. */
function samplerOf({ sampling, alternatives, generated }) {
  if (!sampling) {
    if (alternatives.length === 0) return [];
    return [generated ? "How the sampler chose it is not recorded." : "These are the model’s guesses. The token was given, not drawn."];
  }
  let count = trace.vocabulary;
  const on = sampling.steps.filter(({ stage }) => stages[stage]).map(({ stage, remaining }) => {
    const gone = sampling.candidates.filter((one) => one.dropped_by === stage);
    const [dropped, [name, does]] = [count - remaining, stages[stage]];
    count = remaining;
    return element("li", {}, element("strong", {}, name[0].toUpperCase() + name.slice(1)), ` ${does(remaining)}. Dropped: `,
      // Those whose names are known are named, if they are all.
      ...(dropped > 0 && dropped === gone.length ? gone.flatMap((one, index) => [index > 0 ? " " : "", code(one.text)]) : [dropped.toLocaleString("en")]),
      `; left: ${remaining.toLocaleString("en")}.`);
  });
  const off = Object.keys(stages).filter((stage) => !sampling.steps.some((step) => step.stage === stage));
  return [`The sampler chose among ${trace.vocabulary.toLocaleString("en")} tokens, in stages:`,
    element("ol", {}, ...on, element("li", {}, element("strong", {}, `Temperature ${trace.temperature}`), draw(trace.temperature))),
    off.length ? element("p", { class: "dim" }, `Off: ${off.map((stage) => stages[stage][0]).join(", ")}.`) : ""];
}

/** What a temperature does. */
function draw(temperature) {
  if (temperature === 0) return " takes the likeliest; nothing is drawn.";
  if (temperature === 1) return " changes nothing. One was drawn.";
  return `${temperature < 1 ? ", below 1, makes likely tokens likelier and the others rarer"
    : ", above 1, makes likely tokens rarer and the others likelier"}. One was drawn.`;
}

function alternativesOf(token) {
  const { sampling } = token;
  const rows = sampling
    ? sampling.candidates.map((one) => rowOf(one.id === token.id, one.dropped_by, one.text, one.probability,
      one.dropped_by ? `dropped by ${stages[one.dropped_by]?.[0] ?? one.dropped_by}` : percent(one.draw_probability)))
    : token.alternatives.map((one) => rowOf(one.id === token.id, null, one.text, probability(one.log_probability)));
  if (rows.length === 0) return [];
  const names = ["Token", "Model’s probability", "Bar: full is 100 %"];
  if (!sampling) return [table(names, rows)];
  return [table([...names, "In the draw"], rows), element("p", { class: "dim" },
    "In the draw: the probability with which the sampler takes a token, after all stages. The tokens that are left have 100 % together.")];
}

function rowOf(isChosen, isGone, string, share, draw) {
  return element("tr", { class: isChosen ? "chosen" : isGone ? "gone" : null },
    cell(code(string), isChosen ? element("span", { class: "together" }, " ✓ this one") : null), number(percent(share)), cell(bar(share)),
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
    number(percent(probability(reading.log_probability)), " ",
      element("span", { class: "together" }, `in place ${(reading.rank + 1).toLocaleString("en")}`),
      index === first ? ", for the first time" : null)));
  return [
    title,
    element("p", { class: "dim" }, "The lens makes a guess of the residual stream after each layer, as if the model ended there. " +
      "It shows where the answer took shape; early layers are not made for that, so their guesses are rough."),
    element("div", { class: "scroll", tabindex: "0" },
      table(["If the model ended after", "It would have said", "This token would have had"], rows)),
  ];
}
