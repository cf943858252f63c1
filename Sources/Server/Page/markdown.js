// Markdown as DOM nodes. What a model writes becomes text nodes and a few plain elements: nothing of it is run,
// loaded or read as HTML. The time is linear in the text, whatever it is: searches are bounded or made once.

import { copy, element, inert, announce } from "./dom.js";
import { text } from "./texts.js";

const deepest = 6;
const item = /^( *)([-*+]|\d{1,9}[.)])(?: +(.*)|$)/;
const rule = /^ {0,3}([-*_])(?: *\1){2,} *$/;

/** The opening of a block of code: its mark and its kind. */
function fence(line) {
  const found = /^ {0,3}(```+|~~~+)(.*)$/.exec(line);
  return found && !found[2].includes("`") ? { mark: found[1], kind: found[2].trim() } : null;
}

/** A heading's level and words, without the signs that close it. */
function heading(line) {
  const found = /^ {0,3}(#{1,6}) +/.exec(line);
  if (!found) return null;
  const words = line.slice(found[0].length).trimEnd();
  let end = words.length;
  while (words[end - 1] === "#") end -= 1;
  const isClosed = end === 0 || words[end - 1] === " ";
  return { level: found[1].length, words: isClosed ? words.slice(0, end).trimEnd() : words };
}

const cells = (line) => line.trim().replace(/^\|/, "").replace(/\|$/, "").split("|");
const isTableRule = (line) => cells(line).every((cell) => /^ *:?-+:? *$/.test(cell));

/** Shows Markdown that grows: blocks that stay as they were keep their nodes. */
export class MarkdownView {
  constructor() {
    this.node = element("div", { class: "markdown", dir: "auto" });
    this.blocks = [];
  }

  update(source) {
    const blocks = split(inert(source).split("\n"));
    let same = 0;
    while (same < blocks.length && same < this.blocks.length && blocks[same] === this.blocks[same]) same += 1;
    while (this.node.childNodes.length > same) this.node.lastChild.remove();
    for (const block of blocks.slice(same)) this.node.append(render(block.split("\n"), 0));
    this.blocks = blocks;
  }
}

/** The top blocks, each as its lines. */
function split(lines) {
  const blocks = [];
  for (let start = 0; start < lines.length;) {
    if (!lines[start].trim()) { start += 1; continue; }
    const end = blockEnd(lines, start);
    blocks.push(lines.slice(start, end).join("\n"));
    start = end;
  }
  return blocks;
}

function blockEnd(lines, start) {
  const first = lines[start];
  const opening = fence(first);
  if (opening) {
    for (let end = start + 1; end < lines.length; end += 1) if (closes(lines[end], opening.mark)) return end + 1;
    return lines.length;
  }
  if (rule.test(first) || heading(first)) return start + 1;
  let end = start + 1;
  if (first.trimStart().startsWith(">")) {
    while (end < lines.length && lines[end].trimStart().startsWith(">")) end += 1;
  } else if (item.test(first)) {
    // A list goes on over empty lines, as long as what follows is an item or indented.
    for (let next = end; next < lines.length; next += 1) {
      const line = lines[next];
      if (!line.trim()) continue;
      if (rule.test(line)) break;
      if (item.test(line) || /^ {2,}/.test(line)) end = next + 1;
      else if (next === end && !starts(line)) end = next + 1;
      else break;
    }
  } else if (isTable(lines, start)) {
    while (end < lines.length && lines[end].trim() && lines[end].includes("|")) end += 1;
  } else {
    while (end < lines.length && lines[end].trim() && !starts(lines[end]) && !isTable(lines, end)) end += 1;
  }
  return end;
}

const starts = (line) => fence(line) || rule.test(line) || heading(line) || item.test(line)
  || line.trimStart().startsWith(">");
const closes = (line, mark) => {
  const trimmed = line.trim();
  return trimmed.length >= mark.length && trimmed === mark[0].repeat(trimmed.length);
};
const isTable = (lines, at) => lines[at].includes("|") && at + 1 < lines.length
  && lines[at + 1].includes("-") && isTableRule(lines[at + 1]);

function render(lines, depth) {
  const first = lines[0];
  const opening = fence(first);
  if (opening) {
    const isClosed = lines.length > 1 && closes(lines.at(-1), opening.mark);
    return code(lines.slice(1, isClosed ? -1 : undefined).join("\n"), opening.kind);
  }
  if (rule.test(first)) return element("hr");
  const title = heading(first);
  // The page has the first two levels.
  if (title) return element(`h${Math.min(6, title.level + 2)}`, {}, ...inline(title.words));
  if (depth < deepest && first.trimStart().startsWith(">")) {
    return element("blockquote", {}, ...nested(lines.map((line) => line.replace(/^ *> ?/, "")), depth));
  }
  if (depth < deepest && item.test(first)) return list(lines, depth);
  if (isTable(lines, 0)) return table(lines);
  return element("p", {}, ...inline(lines.join("\n")));
}

const nested = (lines, depth) => split(lines).map((block) => render(block.split("\n"), depth + 1));

function list(lines, depth) {
  const [, indent, mark] = item.exec(lines[0]);
  const isOrdered = /\d/.test(mark);
  const node = element(isOrdered ? "ol" : "ul", isOrdered ? { start: parseInt(mark, 10) } : {});
  let current = [];
  let width = 0;
  const flush = () => {
    if (!current.length) return;
    const blocks = nested(current, depth);
    // A short item is its text, without a paragraph around it.
    const only = blocks[0]?.tagName === "P" ? [...blocks[0].childNodes, ...blocks.slice(1)] : blocks;
    node.append(element("li", {}, ...only));
  };
  for (const line of lines) {
    const found = item.exec(line);
    if (found && found[1].length <= indent.length + 1) {
      flush();
      width = found[1].length + found[2].length + 1;
      current = [found[3] ?? ""];
    } else {
      const leading = line.length - line.trimStart().length;
      current.push(line.slice(Math.min(leading, width)));
    }
  }
  flush();
  return node;
}

function table(lines) {
  const shown = (line) => cells(line).slice(0, 64);
  const sides = shown(lines[1]).map((cell) =>
    /^ *:-+: *$/.test(cell) ? "center" : /-: *$/.test(cell) ? "end" : undefined);
  const row = (line, kind) => element("tr", {}, ...shown(line).map((cell, index) =>
    element(kind, { class: sides[index], scope: kind === "th" ? "col" : undefined }, ...inline(cell.trim()))));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": text("table") },
    element("table", {}, element("thead", {}, row(lines[0], "th")),
      element("tbody", {}, ...lines.slice(2).map((line) => row(line, "td")))));
}

/** A block of code, with a button that copies it. */
export function code(source, kind = "") {
  const copying = element("button", {
    type: "button", class: "copy",
    onclick: async () => {
      const result = text(await copy(source) ? "copied" : "notCopied");
      copying.textContent = result;
      announce(result);
      setTimeout(() => { copying.textContent = text("copy"); }, 2000);
    },
  }, text("copy"));
  return element("div", { class: "code" },
    element("div", { class: "code-head" }, element("span", {}, kind.slice(0, 40)), copying),
    element("pre", { tabindex: "0", role: "region", "aria-label": text("code") },
      element("code", { dir: "ltr" }, source)));
}

const special = /[`*_~[!\\<h]/g;

/** The nodes of a paragraph's text. */
function inline(source, depth = 0, hasLinks = true) {
  const nodes = [];
  let plain = "";
  const missing = new Set();
  const push = (node) => {
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(node);
  };
  /** Where a mark closes; what is not found once is not looked for again. */
  const closing = (mark, from) => {
    if (missing.has(mark)) return -1;
    const at = source.indexOf(mark, from);
    if (at < 0) missing.add(mark);
    return at;
  };
  for (let at = 0; at < source.length;) {
    special.lastIndex = at;
    const next = special.exec(source)?.index ?? source.length;
    plain += source.slice(at, next);
    at = next;
    if (at >= source.length) break;
    const rest = source.slice(at, at + 2100);
    const found = rest[0] === "`" ? span(source, at, closing)
      : rest[0] === "h" || rest[0] === "<" ? hasLinks && address(rest)
      : rest[0] === "[" || rest[0] === "!" ? hasLinks && link(rest, depth)
      : rest[0] === "\\" ? (/^\\[!-/:-@[-`{-~]/.test(rest) ? { node: rest[1], length: 2 } : null)
      : emphasis(source, at, closing, depth, hasLinks);
    if (found) {
      push(found.node);
      at += found.length;
    } else {
      // A run of one character is one text, so that a long one is not looked at piece by piece.
      const run = /^(.)\1*/s.exec(rest)[0];
      plain += run;
      at += run.length;
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

function span(source, at, closing) {
  const mark = /^`+/.exec(source.slice(at, at + 64))[0];
  const end = closing(mark, at + mark.length);
  if (end < 0) return null;
  return {
    node: element("code", {}, source.slice(at + mark.length, end).replace(/^ (.+) $/s, "$1")),
    length: end + mark.length - at,
  };
}

function emphasis(source, at, closing, depth, hasLinks) {
  const mark = source.startsWith("**", at) ? "**" : source.startsWith("__", at) ? "__"
    : source.startsWith("~~", at) ? "~~" : source[at];
  if (mark === "~" || depth >= deepest || /\s|^$/.test(source[at + mark.length] ?? "")) return null;
  // `_` within a word is part of it.
  if (mark[0] === "_" && /[\p{L}\p{N}]/u.test(source[at - 1] ?? "")) return null;
  const end = closing(mark, at + mark.length + 1);
  if (end < 0 || end - at > 4000 || /\s/.test(source[end - 1])) return null;
  if (mark[0] === "_" && /[\p{L}\p{N}]/u.test(source[end + mark.length] ?? "")) return null;
  const kind = mark === "~~" ? "s" : mark.length === 2 ? "strong" : "em";
  return {
    node: element(kind, {}, ...inline(source.slice(at + mark.length, end), depth + 1, hasLinks)),
    length: end + mark.length - at,
  };
}

function link(rest, depth) {
  const found = /^(!?)\[([^[\]]{0,500})\]\(\s*<?([^\s<>()]{1,1500}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200})?)>?(?:\s+"[^"]{0,300}")?\s*\)/
    .exec(rest);
  if (!found) return null;
  const [whole, isImage, label, target] = found;
  const words = isImage ? [`${label || target} – ${text("image")}`] : inline(label, depth, false);
  const node = anchor(target, words);
  return node ? { node, length: whole.length } : null;
}

/** Signs behind an address that belong to the sentence around it. */
const behind = new Set(".,;:!?)]*_、。）」");

function address(rest) {
  const found = /^<?(https?:\/\/[^\s<>"'`]{1,2000})/.exec(rest);
  if (!found) return null;
  const isBracketed = rest[0] === "<" && rest[found[0].length] === ">";
  if (rest[0] === "<" && !isBracketed) return null;
  let end = found[1].length;
  while (!isBracketed && behind.has(found[1][end - 1])) end -= 1;
  const target = found[1].slice(0, end);
  const node = anchor(target, [target]);
  return node ? { node, length: isBracketed ? found[0].length + 1 : target.length } : null;
}

/** A link that opens apart; null unless it leads to the web or to a mailbox. */
function anchor(target, words) {
  if (!/^(https?:\/\/|mailto:)/i.test(target) || !URL.canParse(target)) return null;
  return element("a", {
    href: target, title: target, target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer",
  }, ...words);
}
