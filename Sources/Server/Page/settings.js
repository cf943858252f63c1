// What is set for one conversation.

import { get } from "./api.js";
import { byID, element, inert, name } from "./dom.js";
import { number, text } from "./texts.js";

const fields = [
  { key: "instructions", kind: "area" },
  { key: "effort", kind: "choice", choices: ["low", "medium", "high"] },
  { key: "budget", kind: "text", pattern: "none|\\d{1,9}|\\d{1,9}(\\.\\d+)?s" },
  { key: "temperature", kind: "number", min: 0, max: 2, step: "any" },
  { key: "topP", kind: "number", min: 0, max: 1, step: "any" },
  { key: "topK", kind: "number", min: 0, step: 1 },
  { key: "minP", kind: "number", min: 0, max: 1, step: "any" },
  { key: "seed", kind: "number", min: 0, step: 1 },
  { key: "maxTokens", kind: "number", min: 1, step: 1 },
  { key: "schema", kind: "area", spellcheck: "false" },
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
      id, type: field.kind, min: field.min, max: field.max, step: field.step, pattern: field.pattern,
      title: field.pattern && text(field.key), autocomplete: "off", spellcheck: "false", placeholder: text("usual"),
    });
  node.value = value ?? "";
  return node;
}

/** A server: whether its tools may be used, what it is doing, and what its tools cost. */
function server(one, isChosen) {
  const box = element("input", { type: "checkbox", value: one.name });
  box.checked = isChosen;
  const label = name(one.name);
  const words = {
    running: one.tokens === null ? text("serverTools", { count: number(one.tools.length) })
      : text("serverCost", { count: number(one.tools.length), tokens: number(one.tokens) }),
    starting: text("serverStarting"), disabled: text("serverDisabled"), unknown: text("serverUnknown"),
  }[one.state] ?? (one.error ? inert(one.error) : one.state);
  const tools = one.tools.map((tool) => element("li", {}, element("strong", {}, name(tool.name)),
    tool.tokens === null ? "" : ` ${text("toolCost", { tokens: number(tool.tokens) })}`, " ",
    element("span", { class: "dim", dir: "auto" }, name(tool.description))));
  return element("li", {}, element("label", { class: "choice" }, box, element("span", {}, label),
    element("span", { class: "dim", dir: "auto" }, ` ${words}`)),
    tools.length ? element("details", {}, element("summary", {}, text("toolsOf", { label })), element("ul", {}, ...tools)) : null);
}

/** Shows the servers of mcp.json, and those that the conversation wants and the server does not have. */
async function showServers(list, chosen) {
  list.replaceChildren(element("li", { class: "dim" }, text("serversAsked")));
  let servers = [];
  let problem = "";
  try { servers = (await get("api/v1/mcp/servers")).servers; } catch (error) { problem = inert(error.message); }
  const known = servers.map((one) => one.name);
  const missing = chosen.filter((label) => !known.includes(label)).map((label) => ({ name: label, state: "unknown", tools: [] }));
  const rows = [...servers, ...missing].map((one) => server(one, chosen.includes(one.name)));
  if (problem || !rows.length) rows.unshift(element("li", { class: "dim" }, problem || text("noServers")));
  list.replaceChildren(...rows);
  list.setAttribute("aria-busy", "false");
}

function read(field) {
  const value = byID(`set-${field.key}`).value.trim();
  if (!value) return undefined;
  return field.kind === "number" ? Number(value) : value;
}

/** Asks for the settings; `keep` gets them if they are saved. */
export function openSettings(settings, keep) {
  const dialog = byID("settings");
  const problem = byID("settings-problem");
  problem.textContent = "";
  const list = element("ul", { class: "servers", "aria-busy": "true" });
  byID("settings-fields").replaceChildren(...fields.map((field) =>
    element("div", { class: field.kind === "area" ? "field whole" : "field" },
      element("label", { for: `set-${field.key}` }, text(field.key)), control(field, settings[field.key]))),
  element("fieldset", { class: "field whole" }, element("legend", {}, text("servers")),
    element("p", { class: "dim" }, text("serversNote")), list));
  showServers(list, settings.servers ?? []);
  dialog.querySelector("form").onsubmit = (event) => {
    if (event.submitter?.value !== "save") return;
    const values = Object.fromEntries(fields.map((field) => [field.key, read(field)]).filter(([, value]) => value !== undefined));
    // As long as the list is on its way, what was chosen stays chosen.
    const servers = list.getAttribute("aria-busy") === "true" ? settings.servers ?? []
      : [...list.querySelectorAll("input:checked")].map((box) => box.value);
    if (servers.length) values.servers = servers;
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
