// The page of a trace: its beginning, and its keys.

import { byID, expertCount, headCount, opening, slots, tokens, trace, windows } from "./data.js";
import { code, count } from "./pieces.js";
import { choice, choose } from "./choice.js";
import { clearHighlight } from "./text.js";
import "./arrival.js";
import { openLayer } from "./layers.js";
import "./details.js";
import { showMap } from "./map.js";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, summary")) return;
  // What scrolls sideways goes on doing so.
  if (event.target.matches(".scroll")) return;
  const keys = {
    ArrowLeft: () => choose({ token: choice.token - 1 }), ArrowRight: () => choose({ token: choice.token + 1 }),
    Home: () => choose({ token: 0 }), End: () => choose({ token: tokens.length - 1 }),
    ArrowUp: () => openLayer(choice.layer - 1), ArrowDown: () => openLayer(choice.layer + 1),
    Escape: () => clearHighlight(),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => choose({ token: choice.token + Number(button.dataset.step) }));
}

byID("model").replaceChildren(code(trace.model));
byID("summary").textContent = `${count(tokens.length, "token")}, ${windows.length} layers of ` +
  `${expertCount} experts, ${slots} of which work on each token; ${headCount} heads per layer.`;
byID("kernels").textContent = `Computed with the kernels ${trace.kernels}, the routines that do the arithmetic.`;
choose({ token: opening() });
showMap();
