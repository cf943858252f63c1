// Conversations in the browser's IndexedDB, and the news of changes between tabs.

const requested = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

let opening;
function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("gptoss", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("conversations", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function use(mode, body) {
  const transaction = (await database()).transaction("conversations", mode);
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const result = await body(transaction.objectStore("conversations"));
  await ended;
  return result;
}

const channel = new BroadcastChannel("gptoss");

/** Called with `{id, isAnswering, isRemoved}` when another tab has changed a conversation. */
export const onChange = (body) => { channel.onmessage = ({ data }) => body(data); };

/** An id for whatever needs one; `crypto.randomUUID` is not there without TLS. */
export const newID = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const all = async () =>
  (await use("readonly", (store) => requested(store.getAll()))).sort((a, b) => b.updated - a.updated);

export const load = (id) => use("readonly", (store) => requested(store.get(id)));

export async function save(conversation, isAnswering = false) {
  await use("readwrite", (store) => requested(store.put(conversation)));
  channel.postMessage({ id: conversation.id, isAnswering });
}

export async function remove(id) {
  await use("readwrite", (store) => requested(store.delete(id)));
  channel.postMessage({ id, isRemoved: true });
}

// MARK: Files

const format = "gptoss-conversations";

export const exported = async () => JSON.stringify({ format, version: 1, conversations: await all() }, null, 1);

/** Keeps the conversations of an exported file; how many. Those that are here already are replaced. */
export async function imported(source) {
  const file = JSON.parse(source);
  if (file?.format !== format || !Array.isArray(file.conversations)) throw new TypeError("no conversations");
  const conversations = file.conversations.map(checked);
  for (const conversation of conversations) await save(conversation);
  return conversations.length;
}

/** A conversation of a file, with nothing but what this page reads. */
function checked(value) {
  const string = (part) => {
    if (typeof part !== "string") throw new TypeError("not a text");
    return part;
  };
  const object = (part) => (part !== null && typeof part === "object" && !Array.isArray(part) ? part : {});
  const inside = ({ trace, model, settings }) =>
    trace && { trace: object(trace), model: string(model), settings: object(settings) };
  const turns = value.turns.map((turn) => {
    if (turn.role === "user") return { id: newID(), role: "user", text: string(turn.text) };
    const items = turn.items.filter((item) => typeof object(item).type === "string");
    return {
      id: newID(), role: "assistant", items, ending: turn.ending === undefined ? undefined : string(turn.ending),
      problem: turn.problem === undefined ? undefined : string(turn.problem),
      seconds: object(turn.seconds), inside: inside(object(turn.inside)), statistics: turn.statistics && object(turn.statistics),
    };
  });
  return {
    id: string(value.id), title: string(value.title), model: string(value.model ?? ""), turns,
    updated: Number(value.updated) || Date.now(), settings: object(value.settings),
    // Consent to tools is given here, not by a file.
    allowed: [],
  };
}
