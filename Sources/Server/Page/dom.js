// What the scripts of the page do with nodes and text.

import { element, inert } from "./nodes.js";
import { text } from "./texts.js";

export { element, inert };

/** The element of an id. */
export const byID = (id) => document.getElementById(id);

/** A button with a text of the table; `label` is what screen readers say in its place. */
export const button = (key, onclick, label) =>
  element("button", { type: "button", onclick, "aria-label": label }, text(key));

/** A name from outside, on one line and of bounded length. */
export function name(string) {
  const whole = inert(string).replace(/\s+/g, " ");
  return whole.length > 120 ? `${whole.slice(0, 119)}…` : whole;
}

/** Copies text; whether the browser did. */
export async function copy(string) {
  try {
    await navigator.clipboard.writeText(string);
    return true;
  } catch {
    // Without TLS, only this machine's own pages have a clipboard.
    const area = element("textarea", { class: "hidden" });
    area.value = string;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
  }
}

/** Says something to screen readers. */
export const announce = (string) => { byID("status").textContent = string; };
