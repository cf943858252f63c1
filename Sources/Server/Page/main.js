// The page: what is open, what runs, and what buttons and keys do.

import { get, keepKey, post, takeKey } from "./api.js";
import { BrokenOff, answer, newConversation, openRequests, traceRequest } from "./conversation.js";
import { announce, button, byID, element, inert, name } from "./dom.js";
import { allModels, contextLength, model, onModels, openModels, refreshModels } from "./models.js";
import { openSettings } from "./settings.js";
import * as store from "./store.js";
import { fillIn, number, text } from "./texts.js";
import { ConversationView } from "./view.js";

let conversation;
/** Answers under way in this tab: what stops them, by their conversation's id. */
const running = new Map();
/** Until when a conversation is taken to be answered in another tab. */
const elsewhere = new Map();

const isRunning = () => running.has(conversation.id);
const isBusy = () => isRunning() || (elsewhere.get(conversation.id) ?? 0) > Date.now();

const view = new ConversationView(byID("messages"), { edit, regenerate, approve, lookInside, isBusy, isRunning });
const composer = byID("composer");

const notice = (words) => { byID("notice").textContent = words; };

// MARK: Keeping

async function keep(one, isAnswering = false) {
  one.updated = Date.now();
  try { await store.save(one, isAnswering); } catch (error) { notice(text("notKept", { problem: error?.message ?? error })); }
}

async function showList() {
  const all = await store.all();
  byID("list").replaceChildren(...all.map((one) => {
    const title = name(one.title || text("untitled"));
    const removing = button("remove", () => remove(one, title), text("removeThis", { title }));
    removing.classList.add("icon");
    removing.textContent = "×";
    return element("li", {}, element("button", {
      type: "button", class: "wide", dir: "auto", "aria-current": one.id === conversation.id ? "true" : undefined,
      onclick: async () => open(await store.load(one.id)),
    }, title), removing);
  }));
}

async function remove(one, title) {
  if (!confirm(text("removeSure", { title }))) return;
  running.get(one.id)?.abort();
  running.delete(one.id);
  await store.remove(one.id);
  if (one.id === conversation.id) open(newConversation(conversation.model));
  else await showList();
}

// MARK: Showing

function open(one) {
  // One that is answered here is the object that grows.
  conversation = running.get(one.id)?.conversation ?? one;
  sessionStorage.setItem("conversation", one.id);
  byID("sidebar").classList.remove("open");
  byID("menu").setAttribute("aria-expanded", "false");
  notice("");
  showModel();
  show();
  view.scroll(true);
  showList();
  store.tell({ id: one.id, isAsking: true });
}

function show() {
  view.show(conversation, isRunning(), running.get(conversation.id)?.waiting);
  showState();
}

function showState() {
  byID("send").hidden = isRunning();
  byID("send").disabled = isBusy();
  byID("stop").hidden = !isRunning();
  const last = conversation.turns.findLast((turn) => turn.statistics);
  const all = contextLength(conversation.model);
  const used = Number(last?.statistics.total);
  byID("usage").textContent = !used ? "" : all
    ? text("context", { used: number(used), all: number(all), share: number(100 * used / all, 1) })
    : text("contextOnly", { used: number(used) });
}

function showModel() {
  const keys = [...new Set(allModels().map((one) => one.key))];
  const known = model(conversation.model)?.key;
  if (!conversation.model || (keys.length && !known && !conversation.turns.length)) {
    conversation.model = [localStorage.getItem("model"), allModels().find((one) => one.loaded_instances.length)?.key, keys[0]]
      .find((key) => key && keys.includes(key)) ?? "";
  }
  const selected = model(conversation.model)?.key ?? conversation.model;
  const options = selected && !keys.includes(selected) ? [selected, ...keys] : keys;
  byID("model").replaceChildren(...options.map((key) => element("option", { value: key }, name(key))));
  byID("model").value = selected;
  const state = model(selected)?.loaded_instances[0]?.state;
  byID("state").textContent = selected ? text({ loaded: "loaded", loading: "loading" }[state] ?? "notLoaded") : "";
  if (!keys.length && allModels().isRead) notice(text("noModel"));
}

// MARK: Answering

async function run() {
  const one = conversation;
  const turn = one.turns.at(-1);
  const controller = new AbortController();
  const state = { conversation: one, waiting: text("waiting"), abort: () => controller.abort() };
  running.set(one.id, state);
  notice("");
  show();
  view.scroll(true);
  announce(text("answering"));
  turn.ending = "broken";  // what a reload finds, before the first event too
  await keep(one, true);
  // A long prompt, a model that loads and a slow tool say nothing for a while.
  const pulse = setInterval(() => store.tell({ id: one.id, isAnswering: true }), 2000);
  showList();
  let keptAt = Date.now();
  const grow = () => { if (one === conversation) view.grow(state.waiting); };
  let failure;
  try {
    await answer(one, controller.signal, () => {
      state.waiting = "";
      if (Date.now() - keptAt > 1500) {
        keptAt = Date.now();
        keep(one, true);
      }
      grow();
    }, ({ read, all }) => {
      state.waiting = text("reading", { read: number(read), all: number(all) });
      grow();
    });
  } catch (error) {
    failure = error;
    const isBroken = error instanceof BrokenOff || error.message === text("broken");
    turn.ending = controller.signal.aborted ? "stopped" : isBroken ? "broken" : "failed";
    turn.problem = controller.signal.aborted ? undefined : isBroken ? text("broken") : inert(error.message);
  }
  clearInterval(pulse);
  if (running.get(one.id) !== state) return;  // it was deleted meanwhile
  running.delete(one.id);
  await keep(one);
  if (one === conversation) show();
  showList();
  announce(failure ? turn.problem ?? text("stopped") : text("done"));
  if (failure?.status === 401) return askForKey(() => { if (one === conversation) regenerate(); });
  if (failure && failure.status === 0 || turn.ending === "broken") awaitServer();
  else refreshModels().catch(() => { /* the answer's own state tells it */ });
}

const newAnswer = () => ({ id: store.newID(), role: "assistant", items: [], seconds: {} });

function send(words) {
  if (isBusy() || !words.trim()) return false;
  if (!conversation.model) { notice(text("noModel")); return false; }
  if (!conversation.title) conversation.title = words.trim().split("\n")[0].slice(0, 80);
  conversation.turns.push({ id: store.newID(), role: "user", text: words }, newAnswer());
  run();
  return true;
}

function edit(turn, words) {
  if (isBusy()) return;
  conversation.turns.splice(conversation.turns.indexOf(turn));
  if (!conversation.turns.length) conversation.title = "";
  send(words);
  composer.focus();
}

function regenerate() {
  if (isBusy() || conversation.turns.at(-1)?.role !== "assistant") return;
  conversation.turns.splice(-1, 1, newAnswer());
  run();
}

/** The user's word on a tool; the answer goes on when no call waits for one any more. */
function approve(turn, item, kind) {
  if (isBusy() || turn !== conversation.turns.at(-1)) return;
  if (kind === "always") conversation.allowed.push({ label: item.server_label, name: item.name });
  turn.items.push({ type: "mcp_approval_response", approval_request_id: item.id, approve: kind !== "no" });
  if (openRequests(turn).length) show();
  else run();
  composer.focus();
}

/** Has the server make the page of an answer's trace. */
async function lookInside(turn, signal) {
  try { return await post("api/v1/trace", traceRequest(conversation, turn), signal); } catch (error) {
    if (error.status === 401) askForKey(() => {});
    throw error;
  }
}

const stop = () => running.get(conversation.id)?.abort();

/** Says when a server that was gone is back. */
async function awaitServer() {
  for (let round = 0; round < 300; round += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
    try { await get("health"); } catch { continue; }
    await readModels();
    if (byID("key").open) return;
    notice(text("back"));
    announce(text("back"));
    return;
  }
}

function askForKey(then) {
  const dialog = byID("key");
  if (dialog.open) return;
  byID("key-field").value = "";
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "save" || !byID("key-field").value) return;
    keepKey(byID("key-field").value.trim());
    byID("key-field").value = "";
    readModels().then(then);
  };
  dialog.showModal();
}

async function readModels() {
  try {
    await refreshModels();
    notice(allModels().length ? "" : text("noModel"));
  } catch (error) {
    if (error.status === 401) return askForKey(() => {});
    notice(inert(error.message));
    if (error.status === 0) awaitServer();
  }
}

// MARK: Buttons and keys

function fit() {
  composer.style.height = "auto";
  composer.style.height = `${Math.min(composer.scrollHeight + 2, innerHeight / 3)}px`;
}

byID("composer-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (send(composer.value)) { composer.value = ""; fit(); }
});
composer.addEventListener("input", fit);
composer.addEventListener("keydown", (event) => {
  // The Enter that ends a conversion of kana sends nothing.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    byID("composer-form").requestSubmit();
  } else if (event.key === "ArrowUp" && !composer.value && !isBusy()) {
    const turn = conversation.turns.findLast((one) => one.role === "user");
    view.views.find((one) => one.turn === turn)?.edit();
    event.preventDefault();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229 && !document.querySelector("dialog[open]")) stop();
});
byID("stop").addEventListener("click", () => { stop(); composer.focus(); });
byID("new").addEventListener("click", () => { open(newConversation(conversation.model)); composer.focus(); });
byID("menu").addEventListener("click", () => {
  const isOpen = byID("sidebar").classList.toggle("open");
  byID("menu").setAttribute("aria-expanded", String(isOpen));
});
byID("model").addEventListener("change", () => {
  conversation.model = byID("model").value;
  localStorage.setItem("model", conversation.model);
  if (conversation.turns.length) keep(conversation, isRunning());
  showModel();
  showState();
});
byID("open-models").addEventListener("click", openModels);
byID("open-settings").addEventListener("click", () => {
  openSettings(conversation.settings, (settings) => {
    conversation.settings = settings;
    if (conversation.turns.length) keep(conversation, isRunning());
  });
});
for (const cancel of document.querySelectorAll("dialog .cancel")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close("cancel"));
}
byID("export").addEventListener("click", async () => {
  const url = URL.createObjectURL(new Blob([await store.exported([conversation, ...[...running.values()].map((one) => one.conversation)])], { type: "application/json" }));
  element("a", { href: url, download: "gptoss-conversations.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});
byID("import").addEventListener("click", () => byID("file").click());
byID("file").addEventListener("change", async () => {
  const [file] = byID("file").files;
  if (!file) return;
  try {
    const count = await store.imported(await file.text());
    const changed = !isRunning() && await store.load(conversation.id);
    if (changed) open(changed);
    notice(text("imported", { count }));
  } catch (error) {
    const isForeign = error instanceof SyntaxError || error instanceof TypeError;
    notice(isForeign ? text("notImported") : text("notKept", { problem: error?.message ?? error }));
  }
  byID("file").value = "";
  showList();
});

store.onChange(async ({ id, isKept, isAnswering, isRemoved, isAsking }) => {
  if (isAsking) {
    if (running.has(id)) store.tell({ id, isAnswering: true });
    return;
  }
  elsewhere.set(id, isAnswering ? Date.now() + 5000 : 0);
  if (isKept || isRemoved) await showList();
  if (id !== conversation.id || isRunning()) return;
  if (isRemoved) return open(newConversation(conversation.model));
  const changed = isKept ? await store.load(id) : conversation;
  if (!changed || id !== conversation.id || isRunning()) return;
  conversation = changed;
  notice(isAnswering ? text("elsewhere") : "");
  if (isKept) show(); else showState();
  // A tab that was closed says nothing any more.
  setTimeout(() => { if (!isBusy()) { showState(); if (!isAnswering) return; notice(""); } }, 5100);
});
addEventListener("focus", () => refreshModels().catch(() => { /* told when something is asked */ }));
addEventListener("hashchange", () => { takeKey(); readModels(); });
onModels(() => { allModels().isRead = true; showModel(); showState(); });

takeKey();
fillIn(document);
const previous = await store.load(sessionStorage.getItem("conversation") ?? "").catch(() => undefined);
open(previous ?? newConversation(""));
await readModels();
if (!document.querySelector("dialog[open]")) composer.focus();
