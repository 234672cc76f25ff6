// Printing the body of a message: indented, coloured, with what is wrong in it marked.
// A body of any size stays quick: what is far from anything marked is folded away.
(() => {
  const { el, show } = page;

  // jsonTokens gives [class, text, path] triples of a JSON text, indented, with
  // numbers and escapes as they were written; the path, a JSON Pointer, is that of a
  // value or of the name of a member. Null when it is not JSON; a text that was cut
  // is printed as far as it goes.
  function jsonTokens(text, cut) {
    if (cut ? !/^\s*[[{]/.test(text) : !isJSON(text)) return null;
    const out = [];
    const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]/g;
    const all = text.match(token) || [];
    const stack = []; // the step of each open object or array: a name or a number
    let at = [""]; // the path of each of them
    const path = () => at.at(-1);
    const step = (s) => { stack[stack.length - 1] = s; at[at.length - 1] = at.at(-2) + "/" + String(s).replaceAll("~", "~0").replaceAll("/", "~1"); };
    const line = () => out.push(["", "\n" + "  ".repeat(stack.length)]);
    for (let i = 0; i < all.length; i++) {
      const t = all[i];
      if (t === "{" || t === "[") {
        const close = t === "{" ? "}" : "]";
        if (all[i + 1] === close) { out.push(["", t + close, path()]); i++; continue; }
        out.push(["", t, path()]);
        stack.push(""); at.push(path());
        if (t === "[") step(0);
        line();
      } else if (t === "}" || t === "]") { stack.pop(); at.pop(); if (!at.length) at = [""]; line(); out.push(["", t]); }
      else if (t === ",") { if (typeof stack.at(-1) === "number") step(stack.at(-1) + 1); out.push(["", ","]); line(); }
      else if (t === ":") out.push(["", ": "]);
      else if (all[i + 1] === ":" && stack.length) { step(unquoted(t)); out.push(["name", t, path()]); }
      else out.push([t[0] === '"' ? "text" : "word", t, path()]);
    }
    if (cut) out.push(["", "\n…"]);
    return out;
  }

  function isJSON(text) { try { JSON.parse(text); return true; } catch { return false; } }
  function unquoted(t) { try { return JSON.parse(t); } catch { return t; } }

  // xmlTokens does the same for XML: one element per line, text beside its element;
  // the path, an XPath without indexes of 1 and without prefixes, is that of a start
  // tag or of an attribute.
  function xmlTokens(text) {
    if (!/^\s*</.test(text)) return null;
    const all = text.match(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<\/?[^\s<>/!?][^\s<>/]*(?:\s+[^\s<>=/]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s<>"']+))?)*\s*\/?>|<![^<>[]*(?:\[[^\]]*\])?[^<>]*>|[^<]+|</g) || [];
    const out = [];
    const stack = [{ path: "", counts: {} }];
    let afterText = false;
    const local = (name) => name.slice(name.indexOf(":") + 1);
    const line = () => { if (out.length) out.push(["", "\n" + "  ".repeat(stack.length - 1)]); };
    for (const t of all) {
      if (t.startsWith("</")) {
        if (stack.length > 1) stack.pop();
        if (!afterText) line();
        out.push(["name", t]);
        afterText = false;
      } else if (t[0] !== "<" || t.startsWith("<![CDATA[") || t === "<") {
        if (t.trim() !== "") { out.push(["text", t]); afterText = true; }
      } else if (t[1] === "?" || t[1] === "!") {
        line();
        out.push(["soft", t]);
        afterText = false;
      } else {
        line();
        afterText = false;
        const open = t.match(/^<[^\s<>/]+/)[0], name = local(open.slice(1)), parent = stack.at(-1);
        const n = parent.counts[name] = (parent.counts[name] || 0) + 1;
        const path = parent.path + "/" + name + (n > 1 ? "[" + n + "]" : "");
        out.push(["name", open, path]);
        for (const [, space, attribute, rest] of t.slice(open.length).matchAll(/(\s+)([^\s<>=/]+)(\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s<>"']+))?/g)) {
          out.push(["", space], ["word", attribute, path + "/@" + local(attribute)], ["text", rest || "", path + "/@" + local(attribute)]);
        }
        const empty = t.endsWith("/>");
        out.push(["name", empty ? "/>" : ">"]);
        if (!empty) stack.push({ path, counts: {} });
      }
    }
    return out;
  }

  // pretty gives the text as it is printed; what cannot be read comes back as it is.
  function pretty(text) {
    const tokens = jsonTokens(text) || xmlTokens(text);
    return tokens ? tokens.map((t) => t[1]).join("") : text;
  }

  // rawTokens is a text that is neither: as it came, in lines, with marked lines.
  function rawTokens(text, lines) {
    const out = [];
    text.split("\n").forEach((t, i) => out.push(["", i ? "\n" : ""], ["", t, lines.includes(i + 1) ? "line " + (i + 1) : undefined]));
    return out;
  }

  const whole = 600; // lines that are printed without folding
  const beginning = 200, around = 8, more = 1000;

  // body prints a message body; what the paths point to is marked. A field that is
  // missing marks what should hold it. lines are marked where nothing can be parsed;
  // cut tells that the text is the beginning of the body.
  function body(text, paths = [], { lines = [], cut = false } = {}) {
    const pre = el("pre", "tree");
    let tokens = jsonTokens(text, cut) || xmlTokens(text);
    let marked;
    if (tokens) {
      const known = new Set(tokens.map((t) => t[2]).filter((p) => p !== undefined));
      marked = new Map();
      for (const asked of paths) {
        let p = asked.replaceAll("[1]", "");
        while (p && !known.has(p)) p = p.slice(0, p.lastIndexOf("/"));
        // Of a body as a whole its first token is marked.
        if (p || known.has("")) marked.set(p, [...(marked.get(p) || []), asked]);
      }
    } else {
      tokens = rawTokens(text, lines);
      marked = new Map(lines.map((n) => ["line " + n, ["line " + n]]));
    }
    // Tokens by line, and the lines that show.
    const rows = [[]];
    for (const t of tokens) {
      if (t[0] === "" && t[1][0] === "\n") rows.push([]);
      rows.at(-1).push(t);
    }
    const shown = new Uint8Array(rows.length).fill(rows.length <= whole ? 1 : 0);
    if (rows.length > whole) {
      shown.fill(1, 0, beginning);
      shown.fill(1, rows.length - 3);
      rows.forEach((row, i) => { if (row.some((t) => t[2] !== undefined && marked.has(t[2]))) shown.fill(1, Math.max(0, i - around), i + around + 1); });
    }
    for (let i = 0; i < rows.length;) {
      let end = i;
      while (end < rows.length && shown[end] === shown[i]) end++;
      if (shown[i] || end - i < 20) print(pre, rows, i, end, marked);
      else pre.append(gap(rows, i, end, marked));
      i = end;
    }
    return pre;
  }

  function print(into, rows, from, to, marked) {
    let text = "";
    const flush = () => { if (text) show(into, text); text = ""; };
    for (let i = from; i < to; i++) {
      for (const [kind, t, path] of rows[i]) {
        const hit = path !== undefined && marked.has(path);
        if (!kind && !hit) { text += t; continue; }
        flush();
        const span = el("span", kind + (hit ? " mark" : ""), t);
        if (hit) span.dataset.paths = marked.get(path).join("\n");
        into.append(span);
      }
    }
    flush();
  }

  const count = new Intl.NumberFormat("en");

  // gap stands for lines that are not printed; pressed, it prints the next of them.
  function gap(rows, from, to, marked) {
    const button = el("button", "gap");
    button.type = "button";
    const say = () => { button.textContent = "⋯ " + count.format(to - from) + " more lines"; };
    say();
    button.addEventListener("click", () => {
      const part = document.createDocumentFragment(), end = Math.min(to, from + more);
      print(part, rows, from, end, marked);
      button.before(part);
      from = end;
      if (from < to) say(); else button.remove();
    });
    return button;
  }

  // point brings the mark of a path into view and shows it; false when there is none.
  function point(root, path) {
    const mark = [...root.querySelectorAll(".mark")].find((m) => m.dataset.paths.split("\n").includes(path));
    if (!mark) return false;
    for (const m of root.querySelectorAll(".mark.shown")) m.classList.remove("shown");
    mark.classList.add("shown");
    mark.scrollIntoView({ block: "center" });
    return true;
  }

  Object.assign(page, { body, pretty, point });
})();
