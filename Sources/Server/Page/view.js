// The conversation as it is seen. Each turn is an article; what streams is drawn once per frame at most, and what
// does not change keeps its nodes.

import { itemText, openRequests } from "./conversation.js";
import { announce, button, copy, element, inert, name } from "./dom.js";
import { InsideView } from "./inside.js";
import { MarkdownView, code } from "./markdown.js";
import { number, text } from "./texts.js";

/** JSON as people read it; the text as it is where that would show other values, such as long numbers rounded. */
function pretty(source) {
  try {
    const value = JSON.parse(source);
    const written = source.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part[0] === '"' ? part : ""));
    return JSON.stringify(value) === written ? JSON.stringify(value, null, 2) : source;
  } catch { return source; }
}

function folded(summary, ...children) {
  return element("details", {}, element("summary", {}, summary), ...children);
}

/** One item of an answer. */
class ItemView {
  constructor(item) {
    this.type = item.type;
    this.markdown = new MarkdownView();
    this.node = element("div", { class: `item ${item.type === "reasoning" ? "reasoning" : ""}` });
    if (item.type === "message") this.node.append(this.markdown.node);
    if (item.type === "reasoning") {
      this.summary = element("summary");
      this.words = element("div", { class: "words", dir: "auto" });
      this.node.append(element("details", {}, this.summary, this.words));
    }
  }

  update(item, turn, actions, isRunning) {
    if (item.type === "message") return this.markdown.update(itemText(item));
    if (item.type === "reasoning") {
      const seconds = turn.seconds[item.id];
      this.summary.textContent = seconds === undefined ? text(item.status === "in_progress" ? "thinking" : "thought",
        { seconds: "–" }) : text("thought", { seconds: number(seconds, 1) });
      this.words.textContent = inert(itemText(item));
      return;
    }
    // What is open stays open, and what has the focus keeps it, unless there is something new.
    const isOpen = !isRunning && openRequests(turn).includes(item);
    const content = JSON.stringify([isOpen, item]);
    if (content === this.content) return;
    this.content = content;
    this.node.replaceChildren(...this.parts(item, turn, actions, isOpen));
  }

  /** What is shown of a tool. */
  parts(item, turn, actions, isOpen) {
    const label = name(item.server_label ?? "");
    if (item.type === "mcp_list_tools") {
      return [element("p", { class: "dim" }, item.error
        ? text("toolsFailed", { label, problem: inert(item.error.message ?? JSON.stringify(item.error)) })
        : text("tools", { label, count: item.tools?.length ?? 0 }))];
    }
    if (item.type === "mcp_approval_request") {
      if (!isOpen) return [];
      const answer = (kind) => button(kind, () => actions.approve(turn, item, kind));
      return [element("div", { class: "asks", role: "group", "aria-label": text("call", { tool: name(item.name) }) },
        element("p", {}, text("asks", { tool: name(item.name), label })),
        code(inert(pretty(item.arguments)), "JSON"),
        element("div", { class: "row" }, answer("once"), answer("always"), answer("no")))];
    }
    if (item.type === "mcp_approval_response") {
      return item.approve ? [] : [element("p", { class: "dim" }, text("declined"))];
    }
    if (item.type === "mcp_call") {
      const parts = item.error?.content;
      const failure = Array.isArray(parts) ? parts.map((part) => part?.text ?? "").join("\n") : item.error?.message ?? item.error;
      const called = folded(text("call", { tool: `${label} · ${name(item.name)}` }),
        element("h3", {}, text("arguments")), code(inert(pretty(item.arguments ?? "")), "JSON"));
      if (item.output) called.append(element("h3", {}, text("result")), code(inert(item.output)));
      if (failure) called.append(element("h3", {}, text("problem")), code(inert(String(failure))));
      return [called];
    }
    return [folded(name(item.type), code(inert(JSON.stringify(item, null, 2)), "JSON"))];
  }
}

/** A turn: the user's text, or the items of an answer with what can be done with them. */
class TurnView {
  constructor(turn, actions) {
    this.turn = turn;
    this.actions = actions;
    this.items = [];
    const isUser = turn.role === "user";
    this.body = element("div", { class: "body" });
    this.foot = element("div", { class: "foot" });
    this.node = element("article", { class: isUser ? "user" : "assistant", "aria-label": text(isUser ? "you" : "assistant") },
      this.body, this.foot);
    if (isUser) this.showText();
  }

  showText() {
    const { turn, actions } = this;
    this.body.replaceChildren(element("div", { class: "words", dir: "auto" }, inert(turn.text)));
    this.foot.replaceChildren(button("edit", () => this.edit()), this.copying(turn.text));
    this.actions = actions;
  }

  copying(source) {
    const node = button("copy", async () => announce(text(await copy(source) ? "copied" : "notCopied")));
    return node;
  }

  edit() {
    if (this.actions.isBusy()) return;
    const area = element("textarea", { "aria-label": text("message"), rows: "4" });
    area.value = this.turn.text;
    const send = () => { if (area.value.trim()) this.actions.edit(this.turn, area.value); };
    area.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape") { this.showText(); event.stopPropagation(); }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
    });
    this.body.replaceChildren(area, element("p", { class: "dim" }, text("editNote")));
    this.foot.replaceChildren(button("editSend", send), button("cancel", () => this.showText()));
    area.focus();
  }

  update(isRunning, isLast, waiting) {
    if (this.turn.role === "user") return;
    const { turn, actions } = this;
    turn.items.forEach((item, index) => {
      if (this.items[index]?.type !== item.type) {
        const view = new ItemView(item);
        if (this.items[index]) this.items[index].node.replaceWith(view.node);
        else this.body.append(view.node);
        this.items[index] = view;
        this.drawn = undefined;
      }
      // Of an answer under way, only the last items change.
      if (!isRunning || this.drawn === undefined || index >= turn.items.length - 2) {
        this.items[index].update(item, turn, actions, isRunning);
      }
    });
    this.drawn = turn.items.length;
    const parts = [];
    if (isRunning) {
      this.inside = undefined;
      parts.push(element("span", { class: "dim" }, waiting));
    } else {
      if (turn.ending !== "completed") {
        parts.push(element("p", { class: "problem", role: "alert" }, inert(turn.problem ?? text(turn.ending ?? "broken"))));
      }
      if (isLast && !openRequests(turn).length) {
        parts.push(button(turn.ending === "failed" || turn.ending === "broken" ? "retry" : "regenerate", actions.regenerate));
      }
      const words = turn.items.filter((item) => item.type === "message").map(itemText).join("\n\n");
      if (words) parts.push(this.copying(words));
      if (words || turn.inside) parts.push((this.inside ??= new InsideView((signal) => actions.lookInside(turn, signal))).node);
      const { statistics } = turn;
      if (statistics) {
        parts.push(element("span", { class: "dim" }, text("speed", {
          tokens: number(Number(statistics.tokens)), speed: number(Number(statistics.speed), 1), first: number(Number(statistics.first), 2),
        })));
      }
    }
    // Buttons keep the focus while an answer streams: nothing is replaced but a line of text.
    const line = isRunning && this.foot.childNodes.length === 1 ? this.foot.firstChild : null;
    if (line?.tagName === "SPAN") line.textContent = waiting;
    else this.foot.replaceChildren(...parts);
  }
}

/** All turns, within an element that scrolls. */
export class ConversationView {
  constructor(node, actions) {
    this.node = node;
    this.actions = actions;
    this.views = [];
    this.isAtEnd = true;
    this.frame = null;
    this.nextTime = 0;
    node.addEventListener("scroll", () => {
      this.isAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 60;
    }, { passive: true });
  }

  /** Shows a conversation; turns that are shown already stay. */
  show(conversation, isRunning, waiting = "") {
    if (this.conversation !== conversation) this.views = [];
    this.conversation = conversation;
    const { turns } = conversation;
    this.views = turns.map((turn, index) =>
      this.views[index]?.turn === turn ? this.views[index] : new TurnView(turn, this.actions));
    if (turns.length) {
      const wanted = this.views.map((view) => view.node);
      for (const child of [...this.node.childNodes]) if (!wanted.includes(child)) child.remove();
      wanted.forEach((child, index) => {
        if (this.node.childNodes[index] !== child) this.node.insertBefore(child, this.node.childNodes[index] ?? null);
      });
    } else {
      this.node.replaceChildren(element("div", { class: "welcome" }, element("h2", {}, text("welcome")),
        element("p", { class: "dim" }, text("welcomeNote"))));
    }
    this.views.forEach((view, index) => {
      const isLast = index === turns.length - 1;
      view.update(isRunning && isLast, isLast, waiting);
    });
    this.scroll();
  }

  /** Draws the turn that streams, with the next frame; slow drawing makes pauses of its own length. */
  grow(waiting) {
    this.waiting = waiting;
    if (this.frame !== null) return;
    const draw = () => {
      if (performance.now() < this.nextTime) { this.frame = requestAnimationFrame(draw); return; }
      this.frame = null;
      const start = performance.now();
      if (!this.actions.isRunning()) return;
      this.views.at(-1)?.update(true, true, this.waiting);
      this.scroll();
      this.nextTime = performance.now() + Math.min(1000, 3 * (performance.now() - start));
    };
    this.frame = requestAnimationFrame(draw);
  }

  scroll(isForced = false) {
    if (isForced) this.isAtEnd = true;
    if (this.isAtEnd) this.node.scrollTop = this.node.scrollHeight;
    if (!isForced) return;
    // Turns get their true height when they come into view.
    requestAnimationFrame(() => {
      this.node.scrollTop = this.node.scrollHeight;
      requestAnimationFrame(() => { this.node.scrollTop = this.node.scrollHeight; });
    });
  }
}
