// What pages share: building nodes, showing text from outside, printing bodies.
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

  // jsonTokens gives [class, text, path] triples of a JSON text, indented, with
  // numbers and escapes as they were written; the path, a JSON Pointer, is that of a
  // value or of the name of a member. Null when it is not JSON.
  function jsonTokens(text) {
    try { JSON.parse(text); } catch { return null; }
    const out = [];
    const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]/g;
    const all = text.match(token) || [];
    const stack = []; // the step of each open object or array: a name or a number
    const path = () => stack.map((s) => "/" + String(s).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
    const line = () => out.push(["", "\n" + "  ".repeat(stack.length)]);
    for (let i = 0; i < all.length; i++) {
      const t = all[i];
      if (t === "{" || t === "[") {
        const close = t === "{" ? "}" : "]";
        if (all[i + 1] === close) { out.push(["", t + close, path()]); i++; continue; }
        out.push(["", t, path()]); stack.push(t === "[" ? 0 : ""); line();
      } else if (t === "}" || t === "]") { stack.pop(); line(); out.push(["", t]); }
      else if (t === ",") { if (typeof stack.at(-1) === "number") stack[stack.length - 1]++; out.push(["", ","]); line(); }
      else if (t === ":") out.push(["", ": "]);
      else if (all[i + 1] === ":") { stack[stack.length - 1] = JSON.parse(t); out.push(["name", t, path()]); }
      else out.push([t[0] === '"' ? "text" : "word", t, path()]);
    }
    return out;
  }

  // xmlTokens does the same for XML: one element per line, text beside its element;
  // the path, an XPath without indexes of 1, is that of a start tag.
  function xmlTokens(text) {
    if (!/^\s*</.test(text)) return null;
    const all = text.match(/<!--[\s\S]*?-->|<[^>]*>|[^<]+/g) || [];
    const out = [];
    const stack = [{ path: "", counts: {} }];
    let afterText = false;
    const line = () => { if (out.length) out.push(["", "\n" + "  ".repeat(stack.length - 1)]); };
    for (const t of all) {
      if (t.startsWith("</")) {
        if (stack.length > 1) stack.pop();
        if (!afterText) line();
        out.push(["name", t]);
        afterText = false;
      } else if (t[0] === "<") {
        line();
        afterText = false;
        if (t[1] === "?" || t[1] === "!") { out.push(["name", t]); continue; }
        const name = t.match(/^<(?:[^\s/>:]*:)?([^\s/>]*)/)[1], parent = stack.at(-1);
        const n = parent.counts[name] = (parent.counts[name] || 0) + 1;
        const path = parent.path + "/" + name + (n > 1 ? "[" + n + "]" : "");
        out.push(["name", t, path]);
        if (!t.endsWith("/>")) stack.push({ path, counts: {} });
      } else if (t.trim() !== "") { out.push(["text", t]); afterText = true; }
    }
    return out;
  }

  // body prints a message body; what the paths point to is marked. A field that is
  // missing marks what should hold it.
  function body(text, paths = []) {
    const pre = el("pre", "tree");
    // Printing is for reading; what is too large for that is shown as it came.
    const tokens = text.length < 400000 ? jsonTokens(text) || xmlTokens(text) : null;
    if (!tokens) return show(pre, text), pre;
    const known = new Set(tokens.map((t) => t[2]).filter((p) => p !== undefined));
    const marked = new Set(paths.map((p) => {
      p = p.replaceAll("[1]", "").replace(/\/@[^/]*$/, "");
      while (p && !known.has(p)) p = p.slice(0, p.lastIndexOf("/"));
      return p;
    }).filter(Boolean));
    for (const [kind, t, path] of tokens) {
      const hit = path !== undefined && marked.has(path);
      if (kind || hit) pre.append(el("span", kind + (hit ? " mark" : ""), t)); else pre.append(t);
    }
    return pre;
  }

  // code wraps a printed text with a button that copies the original.
  function code(pre, original, label) {
    const box = el("div", "code", pre);
    if (navigator.clipboard) {
      const button = el("button", "", "Copy");
      button.type = "button";
      button.setAttribute("aria-label", "Copy " + label);
      button.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(original); button.textContent = "Copied"; }
        catch { button.textContent = "Not allowed"; }
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
      box.append(button);
    }
    return box;
  }

  return { el, show, body, code };
})();
