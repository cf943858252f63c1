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

/** Called with `{id, isKept, isAnswering, isRemoved, isAsking}` when another tab tells something of a conversation. */
export const onChange = (body) => { channel.onmessage = ({ data }) => body(data); };

/** Tells other tabs something of a conversation. */
export const tell = (news) => channel.postMessage(news);

/** An id for whatever needs one; `crypto.randomUUID` is not there without TLS. */
export const newID = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const all = async () =>
  (await use("readonly", (store) => requested(store.getAll()))).sort((a, b) => b.updated - a.updated);

export const load = (id) => use("readonly", (store) => requested(store.get(id)));

export async function save(conversation, isAnswering = false) {
  await use("readwrite", (store) => requested(store.put(conversation)));
  tell({ id: conversation.id, isKept: true, isAnswering });
}

export async function remove(id) {
  await use("readwrite", (store) => requested(store.delete(id)));
  tell({ id, isRemoved: true });
}

// MARK: Files

const format = "gptoss-conversations";

/** A file of all conversations; those that are open stand for what is kept of them, which may be less. */
export async function exported(open = []) {
  const kept = await all().catch(() => []);
  const named = new Map([...kept, ...open.filter((one) => one.turns.length)].map((one) => [one.id, one]));
  return JSON.stringify({ format, version: 1, conversations: [...named.values()] }, null, 1);
}

/** Keeps the conversations of an exported file; how many. Those that went on here since then stay as they are. */
export async function imported(source) {
  const file = JSON.parse(source);
  if (file?.format !== format || !Array.isArray(file.conversations)) throw new TypeError("no conversations");
  let count = 0;
  for (const conversation of file.conversations.map(checked)) {
    if ((await load(conversation.id))?.updated > conversation.updated) continue;
    await save(conversation);
    count += 1;
  }
  return count;
}

const endings = ["completed", "length", "repetition", "stopped", "broken", "failed"];

/** Items without the calls that a file says the user has allowed, and that nobody has carried out. */
function settled(items) {
  const ids = (test) => new Set(items.filter(test).map((item) => item.approval_request_id));
  const called = ids((item) => item.type === "mcp_call");
  const declined = ids((item) => item.type === "mcp_approval_response" && item.approve === false);
  return items.filter((item) => item.type === "mcp_approval_request" ? called.has(item.id) || declined.has(item.id)
    : item.type !== "mcp_approval_response" || item.approve === false || called.has(item.approval_request_id));
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
    const items = settled(turn.items.filter((item) => typeof object(item).type === "string"));
    return {
      id: newID(), role: "assistant", items, ending: endings.includes(turn.ending) ? turn.ending : "broken",
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
