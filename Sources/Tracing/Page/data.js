// The trace: its tokens, and arrays of numbers [layers, tokens, …] that are read when they are first looked at.

export const byID = (id) => document.getElementById(id);
export const trace = JSON.parse(byID("trace").textContent);
export const { tokens, windows, experts: expertCount, slots, heads: headCount, kept } = trace;

const partNames = {
  text: "text", format: "markers", system: "system message", developer: "instructions", user: "user", tool: "tool",
  analysis: "reasoning", commentary: "calls and comments", final: "answer",
};
const channels = ["analysis", "commentary", "final"];

/** What a token is part of. Where that is one of the model's channels, it has the channel's name, too. */
export const partName = (part) => partNames[part] + (channels.includes(part) ? ` (channel ${part})` : "");

/** The tokens of a part; of the whole text, if there is none. */
export const tokensOf = (part) => [...tokens.keys()].filter((index) => !part || tokens[index].channel === part);

/** The parts that the text has. */
export const partsOfText = Object.keys(partNames).filter((part) => tokens.some((token) => token.channel === part));

const kinds = {
  experts: [Uint16Array, slots], weights: [Uint16Array, slots], norms: [Float32Array, slots],
  residual: [Float32Array, 4], router: [Float32Array, expertCount], sinks: [Uint8Array, headCount],
  positions: [Uint16Array, headCount * kept], shares: [Uint8Array, headCount * kept],
};
const arrays = {};

/** The numbers of a token in a layer. */
export function numbers(kind, layer, token) {
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

/** The experts of a token in a layer: each with its weight, 0 to 1, and the length of what it wrote. */
export function expertsOf(layer, token) {
  const weights = numbers("weights", layer, token);
  const norms = numbers("norms", layer, token);
  return Array.from(numbers("experts", layer, token), (expert, slot) =>
    ({ expert, weight: weights[slot] / 65535, wrote: norms[slot] }));
}

/** The length of the residual stream before, within and after a layer, and of what attention added to it. */
export function streamOf(layer, token) {
  const [before, attention, middle, after] = numbers("residual", layer, token);
  return { before, attention, middle, after };
}

/** Where a head looked: the sink's share, the tokens with the largest shares, and what is left for all others. */
export function sightOf(layer, token, head) {
  const sink = numbers("sinks", layer, token)[head];
  const positions = numbers("positions", layer, token);
  const shares = numbers("shares", layer, token);
  const places = Array.from({ length: kept }, (_, place) => head * kept + place).filter((place) => shares[place] > 0);
  // Shares are kept as bytes; rounded up, they may be a little more than all together.
  const sum = sink + places.reduce((total, place) => total + shares[place], 0);
  const whole = Math.max(255, sum);
  const looks = places.map((place) => ({ position: positions[place], share: shares[place] / whole }));
  return { sink: sink / whole, looks, others: 1 - sum / whole };
}

/** Where the heads of a layer looked in the mean; tokens as far as each head keeps them, most looked at first. */
export function meanSightOf(layer, token) {
  const sums = new Map();
  let sink = 0;
  for (let head = 0; head < headCount; head += 1) {
    const sight = sightOf(layer, token, head);
    sink += sight.sink / headCount;
    for (const { position, share } of sight.looks) sums.set(position, (sums.get(position) ?? 0) + share / headCount);
  }
  const looks = [...sums].map(([position, share]) => ({ position, share })).sort((a, b) => b.share - a.share);
  return { sink, looks };
}

/** The tokens that the model was least certain of, the least certain first: written ones, if there are any. */
export function leastCertain(count) {
  const known = [...tokens.keys()].filter((index) => tokens[index].log_probability !== null);
  const written = known.filter((index) => tokens[index].generated);
  return (written.length ? written : known)
    .sort((a, b) => tokens[a].log_probability - tokens[b].log_probability).slice(0, count);
}

/** The token that the page begins with: the least certain word, or the first token of an answer that is all certain. */
export function opening() {
  const order = leastCertain(tokens.length);
  const answer = tokens.findIndex(({ generated, channel }) => generated && channel === "final");
  if (answer >= 0 && order.length > 0 && tokens[order[0]].log_probability > Math.log(0.999)) return answer;
  const isWord = ({ channel, text }) => channel !== "format" && /\p{L}/u.test(text);
  return order.find((index) => isWord(tokens[index])) ?? order[0] ?? 0;
}
