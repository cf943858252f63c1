// "Look inside": the way from an answer to the page of its trace, which the server makes when it is asked.

import { announce, button, element, inert } from "./dom.js";
import { text } from "./texts.js";

/** A button; while the trace is made one that stops it; then, as long as the server keeps it, a link. */
export class InsideView {
  /** @param make asks the server: `(signal) => ({ id, expires_in })` */
  constructor(make) {
    this.make = make;
    this.node = element("div", { class: "inside" });
    this.offer();
  }

  /** Shows something in place of what was there; the focus stays. */
  show(control, ...rest) {
    const hadFocus = this.node.contains(document.activeElement);
    this.node.replaceChildren(control, ...rest);
    if (hadFocus) control.focus();
  }

  offer(problem) {
    this.show(button("inside", () => this.look()), ...problem === undefined ? [] : [element("p", { class: "problem", role: "alert" }, inert(problem))]);
  }

  async look() {
    const controller = new AbortController();
    this.show(button("insideStop", () => controller.abort()));
    announce(text("insideWait"));
    try {
      const { id, expires_in: seconds } = await this.make(controller.signal);
      this.link(`api/v1/trace/${encodeURIComponent(id)}`, Number(seconds) || 0);
    } catch (error) {
      if (controller.signal.aborted) announce(text("stopped"));
      this.offer(controller.signal.aborted ? undefined : error.message);
    }
  }

  link(href, seconds) {
    const link = element("a", { href, target: "_blank", rel: "noopener noreferrer" }, text("insideOpen"));
    this.show(link);
    announce(text("insideReady"));
    setTimeout(() => { if (this.node.contains(link)) this.offer(); }, seconds * 1000);
    // Soon after a click, browsers let a page open a tab; later the link is there to be followed.
    if (navigator.userActivation?.isActive && link.isConnected) link.click();
  }
}
