// What is chosen: a token, a layer, perhaps one of its heads. The parts of the page hear of each change.

import { tokens, windows } from "./data.js";

export const choice = { token: -1, layer: 0, head: null };
const listeners = [];

/** Calls a function after each choice, with the names of what has changed. */
export function onChoice(listener) { listeners.push(listener); }

const within = (index, length) => Math.max(0, Math.min(length - 1, index));

/** Chooses. `held` is what stays in its place on the screen. */
export function choose({ token = choice.token, layer = choice.layer, head = choice.head }, held = topmost()) {
  const wanted = { token: within(token, tokens.length), layer: within(layer, windows.length), head };
  const changed = Object.keys(wanted).filter((key) => wanted[key] !== choice[key]);
  if (changed.length === 0) return;
  Object.assign(choice, wanted);
  steady(held, () => { for (const listener of listeners) listener(changed); });
}

/** Changes the page while an element stays in its place on the screen. */
export function steady(held, change) {
  const top = held?.getBoundingClientRect().top;
  change();
  if (!held?.isConnected) return;
  const wanted = Math.max(0, scrollY + held.getBoundingClientRect().top - top);
  // The page does not end above what is on the screen, even if it has become shorter.
  const main = document.querySelector("main");
  main.style.minHeight = `${wanted + innerHeight - main.offsetTop}px`;
  scrollTo(0, wanted);
}

/** What is looked at: the first block that begins on the screen, or else the last one above it. */
function topmost() {
  const blocks = [...document.querySelectorAll("#token-title, #arrival-title, #lens, #layers-title, #details, #map-title")];
  const top = (node) => node.getBoundingClientRect().top;
  return blocks.find((node) => top(node) >= 0 && top(node) < innerHeight) ?? blocks.findLast((node) => top(node) < 0);
}
