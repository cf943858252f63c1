// What a conversation is, and what of it the server gets.
//
// A conversation has `turns`: the user's (`text`) and the model's, whose `items` are those of the Responses API, with
// the approvals that the user gave between them; `inside` is what a trace of the answer needs. The server keeps nothing (`store: false`): it is sent the whole each
// time, and finds the beginning in its cache.

import { events } from "./api.js";
import { newID } from "./store.js";

export const newConversation = (model, settings = {}) => ({
  id: newID(), title: "", model, settings, turns: [], allowed: [], updated: Date.now(),
});

/** The calls of tools that wait for the user's word. */
export function openRequests(turn) {
  const answered = new Set(turn.items.map((item) => item.approval_request_id));
  return turn.items.filter((item) => item.type === "mcp_approval_request" && !answered.has(item.id));
}

/** The text of an item. */
export const itemText = (item) =>
  Array.isArray(item.content) ? item.content.map((part) => String(part?.text ?? "")).join("") : "";

/** The conversation as the `input` of a request. Of an answer that broke off, only its text is sent. */
function input(turns) {
  return turns.flatMap((turn, index) => {
    if (turn.role === "user") return [{ role: "user", content: turn.text }];
    const isLast = index === turns.length - 1;
    if (isLast && turn.ending === undefined) return turn.items;
    const isWhole = turn.ending === "completed" && !openRequests(turn).length;
    return turn.items.filter((item) => isWhole || item.type === "message" && itemText(item))
      .map((item) => item.type === "message" && !isWhole ? { role: "assistant", content: itemText(item) } : item);
  });
}

function body(conversation) {
  const { settings } = conversation;
  const request = {
    model: conversation.model, input: input(conversation.turns), store: false, include: ["trace"],
    instructions: settings.instructions || undefined, max_output_tokens: settings.maxTokens,
    temperature: settings.temperature, top_p: settings.topP, top_k: settings.topK, min_p: settings.minP,
    seed: settings.seed, reasoning_budget: settings.budget,
  };
  if (settings.effort) request.reasoning = { effort: settings.effort };
  if (settings.schema) {
    request.text = { format: { type: "json_schema", name: "answer", strict: true, schema: JSON.parse(settings.schema) } };
  }
  if (settings.servers?.length) {
    request.tools = settings.servers.map((label) => {
      const names = conversation.allowed.filter((tool) => tool.label === label).map((tool) => tool.name);
      return {
        type: "mcp", server_label: label,
        require_approval: names.length ? { never: { tool_names: names } } : "always",
      };
    });
  }
  return request;
}

/**
 * Goes on with the last turn, which is the model's, until the answer ends or asks for something.
 *
 * @param change called after each event with the item that changed, or none
 * @param note called with `{read, all}` while the prompt is read
 */
export async function answer(conversation, signal, change, note) {
  const turn = conversation.turns.at(-1);
  turn.ending = undefined;
  turn.problem = undefined;
  turn.inside = undefined;
  const offset = turn.items.length;
  const start = performance.now();
  const begun = new Map();
  let firstAt;
  let isOver = false;
  // What was asked: the user may choose otherwise before the next answer.
  const asked = structuredClone({ model: conversation.model, settings: conversation.settings });
  const request = body(conversation);
  turn.ending = "broken";  // until it ends otherwise: a reload in the middle finds it so
  for await (const event of events(request, signal)) {
    const index = offset + (event.output_index ?? 0);
    const item = turn.items[index];
    switch (event.type) {
      case "reading":
        note(event);
        continue;
      case "response.output_item.added":
        begun.set(index, performance.now());
        turn.items[index] = event.item;
        break;
      case "response.reasoning_text.delta":
      case "response.output_text.delta":
        firstAt ??= performance.now();
        item.content = [{ type: event.type.includes("reasoning") ? "reasoning_text" : "output_text", text: itemText(item) + event.delta }];
        break;
      case "response.mcp_call_arguments.delta":
        firstAt ??= performance.now();
        item.arguments = (item.arguments ?? "") + event.delta;
        break;
      case "response.output_item.done":
        turn.items[index] = event.item;
        if (event.item.type === "reasoning") {
          turn.seconds[event.item.id] = (performance.now() - (begun.get(index) ?? start)) / 1000;
        }
        break;
      case "response.completed":
      case "response.incomplete": {
        isOver = true;
        turn.ending = event.response.stop_reason === "repetition" ? "repetition"
          : event.type === "response.incomplete" ? "length" : "completed";
        const { usage, trace } = event.response;
        // Of an answer in several parts, there is no one way back to what the model read.
        if (trace && offset === 0) turn.inside = { trace, ...asked };
        const seconds = (performance.now() - (firstAt ?? start)) / 1000;
        turn.statistics = {
          tokens: usage.output_tokens, total: usage.total_tokens, first: ((firstAt ?? start) - start) / 1000,
          speed: usage.output_tokens / Math.max(seconds, 0.001),
        };
        break;
      }
      case "response.failed":
      case "error":
        throw new Error(event.response?.error?.message ?? event.error?.message ?? event.message ?? event.type);
      default: continue;
    }
    change(turn.items[index]);
  }
  if (!isOver) throw new BrokenOff();
}

/** What the server is asked for the trace of an answer: as it was given, or, if that is not known, as it stands here. */
export function traceRequest(conversation, turn) {
  const { trace, model, settings } = turn.inside ?? {};
  const end = conversation.turns.indexOf(turn) + (trace ? 0 : 1);
  return {
    ...body({
      ...conversation, turns: conversation.turns.slice(0, end), model: model ?? conversation.model,
      settings: settings ?? conversation.settings,
    }),
    include: undefined, trace,
  };
}

/** The answer ended without its last event. */
export class BrokenOff extends Error {}
