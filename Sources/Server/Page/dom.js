// Nodes are made here, of text that is never read as markup.

import { text } from "./texts.js";

/** The element of an id. */
export const byID = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick`) and children. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button with a text of the table; `label` is what screen readers say in its place. */
export const button = (key, onclick, label) =>
  element("button", { type: "button", onclick, "aria-label": label }, text(key));

// Control characters but tab and line feed, those that turn the direction of text, and tags.
const hiding = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/** Text from outside with what hides or reorders it written out, as \u{202E}. */
export const inert = (string) =>
  String(string).replace(/\r\n?/g, "\n")
    .replace(hiding, (c) => `\\u{${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}}`);

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
