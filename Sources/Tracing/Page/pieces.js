// Numbers in words, and the small parts that the page is made of.

import { element, inert } from "./nodes.js";
import { byID, tokens } from "./data.js";
import { choose } from "./choice.js";

// The number and its sign stay on one line.
const perCent = (digits) => `${digits}\u00A0%`;

/** A share in per cent with the digits that it needs: 97 %, 4.1 %, 0.003 %, and 99.97 %. */
export function percent(share) {
  const value = 100 * share;
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return perCent("0");
  if (value > 99.99999 && value < 100) return perCent(">\u00A099.99999");
  if (value >= 99.5 && value < 100) return perCent(value.toFixed(Math.ceil(-Math.log10(100 - value))));
  if (value >= 9.95) return perCent(value.toFixed(0));
  if (value >= 0.095) return perCent(value.toFixed(1));
  return perCent(value >= 0.00001 ? value.toPrecision(1) : "<\u00A00.00001");
}

/** A share that is kept as a byte, or a sum of such, with one decimal: so that a row of them sums to 100. */
export const tenths = (share) => perCent(share === 0 ? "0" : (100 * share).toFixed(1));

export const probability = (logProbability) => (logProbability === null ? NaN : Math.exp(logProbability));

/** The length of a vector, or a logit. */
export function size(value) {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 99.95 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}

export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** Text whose spaces are seen as dots; what is empty completes no character. */
export const dotted = (shown) => (shown === "" ? ["∅"] : shown.split(/( )/).filter((piece) => piece !== "")
  .map((piece) => (piece === " " ? element("span", { class: "space" }, " ") : piece)));

/** A token's text as code, with what hides written out. */
export const code = (string) => element("span", { class: "code", dir: "auto" },
  ...dotted(inert(string).replace(/\n/g, "⏎").replace(/\t/g, "⇥")));

/** Chooses a token from elsewhere: what was clicked may be gone, so that the keys go to the text. */
export function visit(token) {
  choose({ token });
  byID("text").focus({ preventScroll: true });
}

/** A token of the text, with its number: a button that chooses it. `rest` stands behind it. */
export function chip(position, rest, attributes = {}) {
  const button = element("button", { type: "button", class: "chip", onclick: () => visit(position), ...attributes },
    code(tokens[position].text), ` (${position})`);
  return element("span", { class: "pair" }, button, rest === undefined ? null : ` ${rest}`);
}

/** A button that looks like a link. */
export const jump = (words, onclick) => element("button", { type: "button", class: "jump", onclick }, words);

export function bar(share) {
  const node = element("span", { class: "bar" });
  node.style.width = `${Math.max(0, Math.min(1, share || 0)) * 100}%`;
  return element("span", { class: "track", "aria-hidden": "true" }, node);
}

export const cell = (...children) => element("td", {}, ...children);
export const number = (...children) => element("td", { class: "number" }, ...children);

/** A table. A name stands where the numbers below it do. */
export function table(names, bodies) {
  const first = bodies[0]?.rows?.[0] ?? bodies[0];
  const aligned = (index) => (first?.children[index]?.classList.contains("number") ? "number" : null);
  return element("table", {},
    element("thead", {}, element("tr", {},
      ...names.map((name, index) => element("th", { scope: "col", class: aligned(index) }, name)))),
    ...(bodies[0]?.localName === "tbody" ? bodies : [element("tbody", {}, ...bodies)]));
}
