// The server's public endpoints, and the key for them.

import { text } from "./texts.js";

/** What went wrong, in words; `status` is 0 if no answer came. */
export class APIError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** Takes the key from the address's fragment (`#key=…`), where servers and histories do not see it. */
export function takeKey() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return;
  if (key) sessionStorage.setItem("key", key);
  history.replaceState(null, "", location.pathname + location.search);
}

export const keepKey = (key) => sessionStorage.setItem("key", key);

async function request(path, { body, method = body ? "POST" : "GET", signal } = {}) {
  const key = sessionStorage.getItem("key");
  const headers = {};
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method, headers, body: body && JSON.stringify(body), signal,
      cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new APIError(text("unreachable"));
  }
  if (!response.ok) {
    let problem = `${response.status} ${response.statusText}`;
    try { problem = (await response.json()).error.message ?? problem; } catch { /* no JSON: the status says it */ }
    throw new APIError(text("failed", { problem }), response.status);
  }
  return response;
}

export const get = async (path) => (await request(path)).json();
export const post = async (path, body, signal) => (await request(path, { body, signal })).json();
export const remove = async (path) => (await request(path, { method: "DELETE" })).json();

/**
 * The events of a streamed answer.
 *
 * Yields `{type: "reading", read, all}` while the prompt is read, and the events of the Responses API.
 */
export async function* events(body, signal) {
  const response = await request("v1/responses", { body: { ...body, stream: true }, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let pause = performance.now() + 20;
  try {
    for (;;) {
      let piece;
      try { piece = await reader.read(); } catch (error) {
        if (signal.aborted) throw error;
        throw new APIError(text("broken"));
      }
      if (piece.done) return;
      if (performance.now() > pause) {
        // A server that is faster than the page would hold it otherwise.
        await new Promise((resolve) => { setTimeout(resolve, 0); });
        pause = performance.now() + 20;
      }
      const lines = (rest + piece.value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const reading = /^: read (\d+) of (\d+) tokens/.exec(line);
        if (reading) yield { type: "reading", read: Number(reading[1]), all: Number(reading[2]) };
        else if (line.startsWith("data: ") && line !== "data: [DONE]") yield JSON.parse(line.slice(6));
      }
    }
  } finally {
    reader.cancel().catch(() => { /* it is closed already */ });
  }
}
