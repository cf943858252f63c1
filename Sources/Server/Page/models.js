// The models of the server: which there are, loading, unloading, downloads.

import { get, post, remove } from "./api.js";
import { announce, button, byID, element, inert, name } from "./dom.js";
import { bytes, number, text } from "./texts.js";

let models = [];
const listeners = [];

/** Called when the list of models has been read anew. */
export const onModels = (body) => listeners.push(body);

/** The model of a name; of several, one that is loaded. */
export const model = (key) => {
  const named = models.filter((one) => one.key === key || one.names?.includes(key));
  return named.find((one) => one.loaded_instances.length) ?? named[0];
};
export const allModels = () => models;

/** How many tokens a conversation with a model may have. */
export const contextLength = (key) =>
  model(key)?.loaded_instances.find((one) => one.state !== "loading")?.config.context_length ?? model(key)?.max_context_length;

export async function refreshModels() {
  models = (await get("api/v1/models")).models;
  listeners.forEach((body) => body());
  if (byID("models").open) showModels();
}

// MARK: List

const problem = (error) => { byID("models-problem").textContent = inert(error.message); };

async function change(path, body) {
  byID("models-problem").textContent = "";
  const following = setInterval(() => refreshModels().catch(problem), 1000);
  const request = post(`api/v1/models/${path}`, body);
  setTimeout(() => refreshModels().catch(problem), 100);
  try { return await request; } finally {
    clearInterval(following);
    await refreshModels().catch(problem);
  }
}

/** What is said of each name's needs, and the rows of the list, in which a name may stand twice. A row stays until the
    server says something else of its model, so that its buttons can be pressed. */
const estimates = new Map();
const modelRows = [];
const states = { loading: "loading", loaded: "loaded", unloading: "unloading" };

/** Tells what loading would take, unless the server has no word for it. */
async function estimate(one, length) {
  const wanted = length.value ? Number(length.value) : undefined;
  try {
    const { memory, status } = await post("api/v1/models/load", {
      model: one.key, context_length: wanted, estimate_only: true });
    if (status === "estimated") estimates.set(one.key, text("estimate", { size: bytes(memory.total_bytes), limit: bytes(memory.limit_bytes) }));
  } catch (error) { estimates.set(one.key, inert(error.message)); }
  for (const row of modelRows) if (row.key === one.key) row.needs.textContent = estimates.get(one.key);
}

/** What a row shows of a model, to be compared; how long it has been idle is another number each time. */
const shown = (one) => JSON.stringify(one, (key, value) => (key === "idle_seconds" ? undefined : value));

function makeModel(one, wanted) {
  const key = name(one.key);
  const row = element("div", { class: "row" });
  const length = element("input", {
    type: "number", min: 1, max: one.max_context_length, placeholder: String(one.max_context_length),
    "aria-label": `${text("contextLength")}: ${key}`, "data-focus": `length ${one.key}`,
  });
  length.value = wanted;
  const loading = button("load", () =>
    change("load", { model: one.key, context_length: length.value ? Number(length.value) : undefined })
      .then(() => announce(`${key}: ${text("loaded")}`), problem), text("loadThis", { name: key }));
  loading.dataset.focus = `load ${one.key}`;
  const needs = element("p", { class: "dim", "aria-live": "polite" }, estimates.get(one.key) ?? "");
  length.addEventListener("change", () => estimate(one, length));
  if (!estimates.has(one.key)) {
    estimates.set(one.key, "");
    estimate(one, length);
  }
  row.append(element("label", {}, text("contextLength"), length), loading);
  const instances = one.loaded_instances.map((instance) => {
    const unloading = button("unload", () => change("unload", { instance_id: instance.id }).catch(problem),
      text("unloadThis", { name: name(instance.id) }));
    unloading.dataset.focus = `unload ${instance.id}`;
    return element("div", { class: "row" },
      element("span", {}, `${name(instance.id)}: ${states[instance.state] ? text(states[instance.state]) : name(instance.state)}`
        + (instance.memory_bytes ? `, ${text("memory", { size: bytes(instance.memory_bytes) })}` : "")),
      instance.state === "loading" ? element("progress", { "aria-label": text("loading"), value: instance.load_progress }) : null,
      element("span", { class: "grow" }), unloading);
  });
  const node = element("li", {}, element("h3", {}, key),
    element("p", { class: "dim" }, [one.params_string, one.quantization?.name].filter(Boolean).map(name).join(", ")
      + " – " + text("size", { size: bytes(one.size_bytes), context: number(one.max_context_length) })),
    needs, ...instances, row);
  return { key: one.key, said: shown(one), node, length, needs };
}

function showModels() {
  const list = byID("model-list");
  const focused = document.activeElement?.dataset?.focus;
  models.forEach((one, i) => {
    const old = modelRows[i];
    if (old?.said !== shown(one)) modelRows[i] = makeModel(one, old?.key === one.key ? old.length.value : "");
  });
  modelRows.length = models.length;
  const nodes = modelRows.map(({ node }) => node);
  if (!nodes.length) nodes.push(element("li", {}, text("noModel")));
  if (nodes.length === list.children.length && nodes.every((node, i) => node === list.children[i])) return;
  list.replaceChildren(...nodes);
  if (focused) [...list.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === focused)?.focus();
}

// MARK: Downloads

/** What this tab follows: the names, with the server's jobs. */
const downloads = new Map(JSON.parse(sessionStorage.getItem("downloads") ?? "[]"));
const keepDownloads = () => sessionStorage.setItem("downloads", JSON.stringify([...downloads]));
const jobPath = ({ id }) => `api/v1/models/download/status/${encodeURIComponent(id)}`;

async function download(wanted) {
  byID("models-problem").textContent = "";
  try {
    const job = await post("api/v1/models/download", { model: wanted });
    downloads.set(wanted, { ...job, id: job.job_id });
    keepDownloads();
    showDownloads();
    if (job.status === "downloading") follow(wanted);
    else await refreshModels();
  } catch (error) { problem(error); }
}

async function follow(wanted) {
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    const one = downloads.get(wanted);
    try {
      downloads.set(wanted, { ...await get(jobPath(one)), id: one.id });
    } catch (error) {
      const words = error.status === 404 ? text("downloadGone", { name: name(wanted) }) : error.message;
      downloads.set(wanted, { id: one.id, status: "failed", error: words });
    }
    showDownloads();
    if (downloads.get(wanted).status === "downloading") continue;
    keepDownloads();
    announce(describe(wanted, downloads.get(wanted)));
    return refreshModels().catch(problem);
  }
}

function describe(wanted, one) {
  const label = name(wanted);
  if (one.status === "failed") return text("downloadFailed", { name: label, problem: inert(one.error ?? "") });
  const key = { downloading: "downloading", paused: "downloadPaused" }[one.status] ?? "downloaded";
  return text(key, {
    name: label, done: bytes(one.downloaded_bytes ?? 0), all: bytes(one.total_size_bytes ?? 0), speed: bytes(one.bytes_per_second ?? 0),
  });
}

/** The row of each download. It stays until the status is another one, so that its button can be pressed. */
const rows = new Map();

function makeRow(wanted, status) {
  const label = name(wanted);
  const line = element("p", {});
  let [bar, action] = [null, null];
  if (status === "downloading") {
    bar = element("progress", { "aria-label": label });
    action = button("stop", () => remove(jobPath(downloads.get(wanted))).catch(problem), text("stopThis", { name: label }));
  } else if (status === "paused" || status === "failed") {
    action = button("resume", () => download(wanted), text("resumeThis", { name: label }));
  }
  return { status, line, bar, action, node: element("li", {}, line, element("div", { class: "row" }, bar, action)) };
}

function showDownloads() {
  for (const [wanted, one] of downloads) {
    let row = rows.get(wanted);
    if (row?.status !== one.status) {
      const old = row;
      row = makeRow(wanted, one.status);
      rows.set(wanted, row);
      const hadFocus = old?.node.contains(document.activeElement);
      if (old) old.node.replaceWith(row.node);
      else byID("downloads").append(row.node);
      if (hadFocus) (row.action ?? byID("download-name")).focus();
    }
    row.line.textContent = describe(wanted, one);
    if (row.bar && one.total_size_bytes) {
      row.bar.max = one.total_size_bytes;
      row.bar.value = one.downloaded_bytes;
    }
  }
}

export function openModels() {
  byID("models-problem").textContent = "";
  showModels();
  showDownloads();
  byID("models").showModal();
  refreshModels().catch(problem);
}

byID("download-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = byID("download-name").value.trim();
  if (wanted) download(wanted);
});

for (const [wanted, one] of downloads) if (one.status === "downloading") follow(wanted);
