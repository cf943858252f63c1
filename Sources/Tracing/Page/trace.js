// The page of a trace. Numbers stand in arrays [layers, tokens, …]; most are read when they are first looked at.

import { element, inert } from "./nodes.js";

const trace = JSON.parse(document.getElementById("trace").textContent);
const byID = (id) => document.getElementById(id);
const { tokens, windows, experts: expertCount, slots, heads: headCount, kept } = trace;
const parts = {
  text: "text", format: "markers", system: "system message", developer: "instructions", user: "user",
  tool: "tool", analysis: "reasoning", commentary: "calls and comments", final: "answer",
};

// Numbers.

const kinds = {
  experts: [Uint16Array, slots], weights: [Uint16Array, slots], norms: [Float32Array, slots],
  residual: [Float32Array, 3], router: [Float32Array, expertCount], sinks: [Uint8Array, headCount],
  positions: [Uint16Array, headCount * kept], shares: [Uint8Array, headCount * kept],
};
const arrays = {};

/** The numbers of a token in a layer. */
function numbers(kind, layer, token) {
  const [type, width] = kinds[kind];
  if (!arrays[kind]) {
    const node = byID(`numbers-${kind}`);
    // Pieces of base64 were put together where no bytes are left over, so that they are one.
    const raw = atob(node.textContent);
    const bytes = new Uint8Array(raw.length);
    for (let index = 0; index < raw.length; index += 1) bytes[index] = raw.charCodeAt(index);
    arrays[kind] = new type(bytes.buffer);
    node.remove();
  }
  const start = (layer * tokens.length + token) * width;
  return arrays[kind].subarray(start, start + width);
}

const percent = (share) => {
  const value = 100 * share;
  if (!Number.isFinite(value)) return "–";
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : "< 0.1"} %`;
};
/** A share that is kept as a byte. */
const kept8 = (byte) => (byte === 0 ? "< 0.2 %" : percent(byte / 255));
const size = (value) => (Number.isFinite(value) ? value.toPrecision(3) : "–");
const probability = (logProbability) => (logProbability === null ? NaN : Math.exp(logProbability));

// Small parts.

/** A token's text as code, with what hides written out. */
function code(string) {
  const shown = inert(string).replace(/\n/g, "⏎").replace(/\t/g, "⇥").replace(/^ | $/g, "␣");
  return element("span", { class: "code", dir: "auto" }, shown === "" ? "∅" : shown);
}

function bar(share) {
  const node = element("span", { class: "bar" });
  node.style.width = `${Math.max(0, Math.min(1, share || 0)) * 100}%`;
  return element("span", { class: "track", "aria-hidden": "true" }, node);
}

/** Tokens, each with its share. */
const pairs = (list) => element("td", { class: "pairs" }, ...list.map(([string, ...rest]) =>
  element("span", { class: "pair" }, code(string), ` ${rest.join(" ")}`)));

const cell = (...children) => element("td", {}, ...children);
const number = (string) => element("td", { class: "number" }, string);

function table(names, rows) {
  // A name stands where the numbers below it do.
  const aligned = (index) => (rows[0]?.children[index]?.classList.contains("number") ? "number" : null);
  return element("table", {},
    element("thead", {}, element("tr", {},
      ...names.map((name, index) => element("th", { scope: "col", class: aligned(index) }, name)))),
    element("tbody", {}, ...rows));
}

// The text.

const text = byID("text");
const spans = tokens.map((token, index) => {
  let shown = inert(token.text).replace(/\t/g, "⇥\t");
  // A line's end is seen, and is one.
  shown = shown.replace(/\n/g, "⏎\n");
  return element("span", {
    class: `t ${token.channel}`, id: `t${index}`, role: "option", "aria-selected": "false", "data-token": index, title: `Token ${index}`,
  }, shown === "" ? "·" : shown);
});
text.append(...spans);
text.addEventListener("click", (event) => {
  const node = event.target.closest(".t");
  if (node) { select(Number(node.dataset.token)); text.focus({ preventScroll: true }); }
});

const present = Object.keys(parts).filter((part) => tokens.some((token) => token.channel === part));
byID("legend").append(...present.map((part) => element("li", {}, element("span", { class: `t ${part}` }, parts[part]))));

let current = 0;
let layer = 0;

/** Chooses a token. */
function select(index) {
  const wanted = Math.max(0, Math.min(tokens.length - 1, index));
  spans[current].setAttribute("aria-selected", "false");
  current = wanted;
  spans[current].setAttribute("aria-selected", "true");
  text.setAttribute("aria-activedescendant", `t${current}`);
  spans[current].scrollIntoView({ block: "nearest" });
  showToken();
}

// A token.

function showToken() {
  const token = tokens[current];
  byID("token-title").replaceChildren(`Token ${current}: `, code(token.text));
  const given = current === 0
    ? "It is the first token, which nothing predicts."
    : `When the model had read token ${current - 1}, it gave this one a probability of ${percent(probability(token.log_probability))}.`;
  byID("token-note").textContent =
    `Number ${token.id} of the vocabulary, part of: ${parts[token.channel]}. ` +
    `${token.generated ? "The model wrote it." : "It was given to the model."} ${given}`;
  showAlternatives(token);
  showLens(token);
  showLayers();
}

function showAlternatives(token) {
  const { sampling } = token;
  byID("steps").textContent = sampling
    ? sampling.steps.map(({ stage, remaining }) => stage === "temperature"
      ? trace.temperature === 0 ? "the likeliest one was taken" : `one was drawn at temperature ${trace.temperature}`
      : `after ${stageName(stage)}: ${remaining.toLocaleString("en")} left`).join(" → ")
    : token.alternatives.length === 0 ? "" : token.generated
      ? "How the sampler chose it is not recorded." : "These are the model’s guesses. The token was given, not drawn.";
  const rows = sampling
    ? sampling.candidates.map((one) => row(one.id === token.id, one.dropped_by, one.text, one.probability,
      one.dropped_by ? `dropped by ${stageName(one.dropped_by)}` : percent(one.draw_probability)))
    : token.alternatives.map((one) => row(one.id === token.id, null, one.text, probability(one.log_probability)));
  const names = ["Token", "Model’s probability", "As a bar"];
  byID("alternatives").replaceChildren(rows.length ? table(sampling ? [...names, "In the draw"] : names, rows) : "");
}

const stageName = (stage) => ({ mask: "the format’s rules", bias: "biases" })[stage] ?? stage;

function row(isChosen, isGone, string, share, draw) {
  return element("tr", { class: isChosen ? "chosen" : isGone ? "gone" : null },
    cell(element("span", { class: "together" }, code(string), isChosen ? " ✓ this one" : "")), number(percent(share)), cell(bar(share)),
    draw === undefined ? null : number(draw));
}

function showLens(token) {
  if (!token.lens) { byID("lens").replaceChildren(); return; }
  const rows = token.lens.map((reading, index) => element("tr", {},
    element("th", { scope: "row" }, `Layer ${index}`),
    pairs(reading.best.slice(0, 3).map((one) => [one.text, percent(probability(one.log_probability))])),
    number(reading.rank === 0 ? "first" : `${(reading.rank + 1).toLocaleString("en")}.`),
    number(percent(probability(reading.log_probability)))));
  byID("lens").replaceChildren(
    element("h3", {}, "The lens: what each layer would have said here"),
    element("div", { class: "scroll", tabindex: "0" },
      table(["If the model ended at", "It would have said", "This token’s place", "and probability"], rows)));
}

// Layers.

/** Where the heads of a layer looked, over all of them: the largest shares, as far as they are kept. */
function attended(index) {
  const sums = new Map();
  const positions = numbers("positions", index, current);
  const shares = numbers("shares", index, current);
  positions.forEach((position, place) => {
    if (shares[place] > 0) sums.set(position, (sums.get(position) ?? 0) + shares[place] / 255 / headCount);
  });
  return [...sums].sort((a, b) => b[1] - a[1]);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sinkShare = (index) => mean(numbers("sinks", index, current)) / 255;

function showLayers() {
  const largest = Math.max(...windows.flatMap((_, index) =>
    [...numbers("norms", index, current), numbers("residual", index, current)[0]].filter(Number.isFinite)));
  const rows = windows.map((window, index) => {
    const chosen = numbers("experts", index, current);
    const weights = numbers("weights", index, current);
    const norms = numbers("norms", index, current);
    const most = norms.indexOf(Math.max(...norms));
    const wrote = numbers("residual", index, current)[0];
    const tr = element("tr", { "aria-current": String(index === layer), "data-layer": index },
      element("th", { scope: "row" }, element("button", { type: "button", "aria-label": `Layer ${index}` }, String(index))),
      cell(...Array.from(chosen, (expert, slot) => element("span", { class: `expert${slot === most ? " chosen" : ""}` },
        element("span", { class: "together" }, `expert ${expert}: weight ${percent(weights[slot] / 65535)},`), " ",
        element("span", { class: "together" }, `wrote ${size(norms[slot])}${slot === most ? " (most)" : ""}`),
        bar(norms[slot] / largest)))),
      cell(size(wrote), bar(wrote / largest)),
      number(sinkShare(index) > 0 ? percent(sinkShare(index)) : "< 0.2 %"),
      pairs(attended(index).slice(0, 3).map(([position, share]) => [tokens[position].text, percent(share)])));
    tr.addEventListener("click", () => { layer = index; showLayers(); });
    return tr;
  });
  byID("layers-note").textContent = "Choose a layer to see its router and its heads. " + (current + 1 < tokens.length
    ? `What is written here serves the guess of the next token, ${current + 1}.` : "It is the last token; no other follows.");
  const hadFocus = byID("layers").contains(document.activeElement);
  byID("layers").replaceChildren(table(
    ["Layer", "Experts: weight, and how much each wrote", "Attention wrote", "To the sink, mean", "Heads looked most at, mean"], rows));
  if (hadFocus) byID("layers").querySelectorAll("button")[layer].focus();
  showLayer();
}

function showLayer() {
  const window = windows[layer];
  byID("router-note").textContent = `The router gives each expert a number. The ${slots} largest are chosen, and their weights come ` +
    "from these alone; the bars compare all of them.";
  byID("layer-title").textContent = `Layer ${layer}, reading token ${current}`;
  const logits = numbers("router", layer, current);
  const chosen = [...numbers("experts", layer, current)];
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  byID("router").replaceChildren(...powers.map((power, expert) => element("div",
    { class: chosen.includes(expert) ? "chosen" : null },
    `expert ${expert}: ${size(logits[expert])}${chosen.includes(expert) ? " ✓ chosen" : ""}`, bar(power / sum))));
  byID("heads-note").textContent =
    (window === null ? "The heads of this layer see all tokens up to this one. "
      : `The heads of this layer see this token and the ${window - 1} before it. `) +
    (kept < 8 ? `This page keeps the ${kept} largest of each head; the trace in JSON has 8.` : "The eight largest of each head are shown.") +
    " In parentheses stands which token it is. Shares are kept in steps of 0.4 %.";
  const positions = numbers("positions", layer, current);
  const shares = numbers("shares", layer, current);
  const sinks = numbers("sinks", layer, current);
  byID("heads").replaceChildren(table(["Head", "To the sink", "To tokens"], Array.from(sinks, (sink, head) => {
    const places = Array.from({ length: kept }, (_, index) => head * kept + index).filter((place) => shares[place] > 0)
      .map((place) => [tokens[positions[place]].text, `(${positions[place]})`, kept8(shares[place])]);
    return element("tr", {}, element("th", { scope: "row" }, String(head)), number(kept8(sink)), pairs(places));
  })));
}

// The map of experts.

const partChoice = byID("part");
partChoice.append(element("option", { value: "" }, "the whole text"),
  ...present.map((part) => element("option", { value: part }, parts[part])));
partChoice.addEventListener("change", showMap);

function showMap() {
  const wanted = tokens.flatMap((token, index) => !partChoice.value || token.channel === partChoice.value ? [index] : []);
  const head = element("tr", {}, element("th", { scope: "col" }, "Layer"),
    ...Array.from({ length: expertCount }, (_, expert) => element("th", { scope: "col", "aria-label": `Expert ${expert}` }, String(expert))));
  const rows = windows.map((_, index) => {
    const sums = new Float64Array(expertCount);
    for (const token of wanted) {
      const chosen = numbers("experts", index, token);
      const weights = numbers("weights", index, token);
      chosen.forEach((expert, slot) => { sums[expert] += weights[slot] / 65535; });
    }
    return element("tr", {}, element("th", { scope: "row" }, String(index)), ...Array.from(sums, (sum, expert) => {
      const share = wanted.length ? sum / wanted.length : 0;
      const node = element("button", {
        type: "button", "aria-pressed": "false", "data-layer": index, "data-expert": expert,
        "aria-label": `Layer ${index}, expert ${expert}: ${percent(share)}`,
      }, String(Math.round(100 * share)));
      // From the paper's color to the map's, at most so far that the number stays readable.
      const depth = Math.min(1, share * expertCount / 4) * 40;
      node.style.background = `color-mix(in oklab, var(--heat) ${depth.toFixed(1)}%, var(--paper))`;
      return element("td", {}, node);
    }));
  });
  const map = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  map.style.maxWidth = `${3 + 2.75 * expertCount}rem`;
  byID("map").replaceChildren(map);
  unmark();
}

let marked = null;

/** Shows in the text what an expert worked on. */
function mark(node) {
  const isOn = node === marked;
  unmark();
  if (isOn) return;
  marked = node;
  node.setAttribute("aria-pressed", "true");
  const [index, expert] = [Number(node.dataset.layer), Number(node.dataset.expert)];
  let count = 0;
  spans.forEach((span, token) => {
    const slot = numbers("experts", index, token).indexOf(expert);
    if (slot < 0) return;
    count += 1;
    const weight = numbers("weights", index, token)[slot] / 65535;
    span.style.background = `color-mix(in oklab, var(--heat) ${(10 + 30 * weight).toFixed(0)}%, var(--paper))`;
    span.style.color = "var(--ink)";
  });
  byID("highlight").replaceChildren(
    `Expert ${expert} of layer ${index} worked on ${count} of ${tokens.length} tokens: the stronger the color, the larger its weight. `,
    element("button", { type: "button", onclick: unmark }, "End"));
  text.scrollIntoView({ block: "nearest" });
}

function unmark() {
  if (!marked) return;
  marked.setAttribute("aria-pressed", "false");
  marked = null;
  for (const span of spans) span.removeAttribute("style");
  byID("highlight").replaceChildren();
}

byID("map").addEventListener("click", (event) => {
  const node = event.target.closest("button");
  if (node) mark(node);
});

// Keys.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, summary")) return;
  // What scrolls sideways goes on doing so.
  if (event.target.matches(".scroll")) return;
  const keys = {
    ArrowLeft: () => select(current - 1), ArrowRight: () => select(current + 1),
    Home: () => select(0), End: () => select(tokens.length - 1),
    ArrowUp: () => { layer = Math.max(0, layer - 1); showLayers(); },
    ArrowDown: () => { layer = Math.min(windows.length - 1, layer + 1); showLayers(); },
    Escape: unmark,
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

byID("model").replaceChildren(code(trace.model));
byID("summary").textContent = `${tokens.length.toLocaleString("en")} tokens, ${windows.length} layers of ` +
  `${expertCount} experts, ${slots} of which work on each token; ${headCount} heads per layer. Kernels: ${trace.kernels}.`;
const firstWritten = tokens.findIndex((token) => token.generated && token.channel !== "format");
select(firstWritten < 0 ? 0 : firstWritten);
showMap();
