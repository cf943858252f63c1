// What is set for one conversation.

import { byID, element } from "./dom.js";
import { text } from "./texts.js";

const fields = [
  { key: "instructions", kind: "area" },
  { key: "effort", kind: "choice", choices: ["low", "medium", "high"] },
  { key: "temperature", kind: "number", min: 0, max: 2, step: "any" },
  { key: "topP", kind: "number", min: 0, max: 1, step: "any" },
  { key: "topK", kind: "number", min: 0, step: 1 },
  { key: "minP", kind: "number", min: 0, max: 1, step: "any" },
  { key: "seed", kind: "number", min: 0, step: 1 },
  { key: "maxTokens", kind: "number", min: 1, step: 1 },
  { key: "schema", kind: "area", spellcheck: "false" },
  { key: "servers", kind: "line", spellcheck: "false" },
];

function control(field, value) {
  const id = `set-${field.key}`;
  if (field.kind === "choice") {
    const node = element("select", { id }, element("option", { value: "" }, text("usual")),
      ...field.choices.map((choice) => element("option", { value: choice }, text(choice))));
    node.value = value ?? "";
    return node;
  }
  const node = field.kind === "area"
    ? element("textarea", { id, rows: "3", spellcheck: field.spellcheck })
    : element("input", {
      id, type: field.kind === "number" ? "number" : "text", min: field.min, max: field.max, step: field.step,
      autocomplete: "off", spellcheck: field.spellcheck, placeholder: field.kind === "number" ? text("usual") : undefined,
    });
  node.value = Array.isArray(value) ? value.join(", ") : value ?? "";
  return node;
}

function read(field) {
  const value = byID(`set-${field.key}`).value.trim();
  if (!value) return undefined;
  if (field.kind === "number") return Number(value);
  if (field.key === "servers") return [...new Set(value.split(",").map((part) => part.trim()).filter(Boolean))];
  return value;
}

/** Asks for the settings; `keep` gets them if they are saved. */
export function openSettings(settings, keep) {
  const dialog = byID("settings");
  const problem = byID("settings-problem");
  problem.textContent = "";
  byID("settings-fields").replaceChildren(...fields.map((field) => {
    const note = field.key === "servers" ? element("p", { class: "dim" }, text("serversNote")) : null;
    const isWhole = field.kind === "area" || field.kind === "line";
    return element("div", { class: isWhole ? "field whole" : "field" }, element("label", { for: `set-${field.key}` }, text(field.key)),
      control(field, settings[field.key]), note);
  }));
  dialog.querySelector("form").onsubmit = (event) => {
    if (event.submitter?.value !== "save") return;
    const values = Object.fromEntries(fields.map((field) => [field.key, read(field)]).filter(([, value]) => value !== undefined));
    if (values.schema) {
      try { JSON.parse(values.schema); } catch (error) {
        event.preventDefault();
        problem.textContent = text("schemaBad", { problem: error.message });
        byID("set-schema").focus();
        return;
      }
    }
    keep(values);
  };
  dialog.showModal();
}
