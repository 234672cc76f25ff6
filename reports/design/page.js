// What pages share: building nodes, showing text from outside, copying.
// Text never becomes markup here: everything goes through text nodes.
"use strict";

const page = (() => {
  // Characters that a page would act upon, or that nobody sees.
  const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]|\udb40[\udc00-\udc7f]/g;

  function escape(match) {
    if (match === "\r") return "\\r";
    const code = match.codePointAt(0);
    const digits = code.toString(16);
    if (code < 0x100) return "\\x" + digits.padStart(2, "0");
    return code < 0x10000 ? "\\u" + digits.padStart(4, "0") : "\\U" + digits.padStart(8, "0");
  }

  // plain writes hidden characters as escapes, for places that hold no nodes.
  function plain(text) { return String(text).replace(hidden, escape); }

  // show appends text to a node; hidden characters appear as marked escapes.
  function show(node, text) {
    let last = 0;
    for (const m of text.matchAll(hidden)) {
      if (m.index > last) node.append(text.slice(last, m.index));
      const mark = document.createElement("span");
      mark.className = "hidden-character";
      mark.textContent = escape(m[0]);
      node.append(mark);
      last = m.index + m[0].length;
    }
    node.append(last === 0 ? text : text.slice(last));
    return node;
  }

  // put makes text the only content of a node.
  function put(node, text) {
    if (text.search(hidden) < 0) node.textContent = text; else { node.textContent = ""; show(node, text); }
    return node;
  }

  // el("p", "class", "text", node, …): strings are shown as text.
  function el(tag, className, ...content) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    for (const part of content) {
      if (part === null || part === undefined || part === "") continue;
      if (part instanceof Node) node.append(part);
      else show(node, String(part));
    }
    return node;
  }

  // code wraps a printed text with a button that copies the original.
  function code(pre, original, label) {
    // What scrolls can be reached by keys.
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", plain(label[0].toUpperCase() + label.slice(1)));
    const box = el("div", "code", pre);
    const button = el("button", "", "Copy");
    button.type = "button";
    button.setAttribute("aria-label", "Copy " + plain(label));
    button.addEventListener("click", async () => {
      button.textContent = await copy(original) ? "Copied" : "Not allowed";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    box.append(button);
    return box;
  }

  // copy gives text to the clipboard; pages that were opened by http:// from
  // elsewhere, or as a file, may only do it the old way.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* the old way */ }
    const holder = document.createElement("textarea");
    holder.value = text;
    holder.style.position = "fixed";
    holder.style.opacity = "0";
    (document.querySelector("dialog[open]") || document.body).append(holder);
    const before = document.activeElement;
    holder.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* refused */ }
    holder.remove();
    before?.focus?.({ preventScroll: true });
    return done;
  }

  return { el, show, put, plain, code, copy };
})();
