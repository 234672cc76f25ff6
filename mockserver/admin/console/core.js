// The frame of the console: views, scope, calls to the admin API, what is said.
// Every text from outside goes through page.el, which makes text nodes.

const app = (() => {
  const { el } = page;
  const views = new Map();
  const state = { contracts: [], contract: "", session: "default", view: null };
  const $ = (id) => document.getElementById(id);

  // set gives a node attributes; true is an attribute without a value, null none.
  function set(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      const aria = name.startsWith("aria-") && typeof value === "boolean";
      if (value === null || value === undefined || (value === false && !aria)) node.removeAttribute(name);
      else node.setAttribute(name, value === true && !aria ? "" : page.plain(value));
    }
    return node;
  }

  function button(label, action, attributes = {}) {
    const b = set(el("button", attributes.class || "", label), { type: "button", ...attributes });
    b.addEventListener("click", () => attempt(action, b));
    return b;
  }

  function labelled(label, field, help) { return el("label", "", el("span", "", label), field, help ? el("small", "soft", help) : ""); }

  function select(options, chosen, attributes = {}) {
    const s = set(el("select"), attributes);
    for (const o of options) {
      const [value, text] = Array.isArray(o) ? o : [o, o];
      const option = el("option", "", page.plain(text));
      option.value = value;
      option.selected = value === chosen;
      s.append(option);
    }
    return s;
  }

  function input(value, attributes = {}) {
    const i = set(el("input"), { autocomplete: "off", spellcheck: "false", ...attributes });
    i.value = value ?? "";
    return i;
  }

  function facts(pairs) {
    const dl = el("dl", "facts");
    for (const [name, value] of pairs) {
      if (value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length)) continue;
      dl.append(el("dt", "", name), el("dd", "", ...(Array.isArray(value) ? value : [value])));
    }
    return dl;
  }

  function head(...names) {
    return el("thead", "", el("tr", "", ...names.map((n) => set(el("th", n === "Revision" ? "number" : "", n || el("span", "only-heard", "What can be done")), { scope: "col" }))));
  }

  // section is a part of a view, with a heading that names it.
  function section(title, className, ...content) {
    return set(el("section", "card " + className, el("h2", "", title), ...content), { "aria-label": page.plain(title) });
  }

  function empty(title, ...more) { return el("div", "empty", el("p", "", el("strong", "", title)), ...more); }

  // call asks the admin API; a problem becomes an Error with its detail.
  async function call(method, path, body, { text = false } = {}) {
    const options = { method, headers: {}, credentials: "same-origin" };
    if (body !== undefined) {
      options.headers["Content-Type"] = "application/json";
      options.body = typeof body === "string" ? body : JSON.stringify(body);
    }
    let response;
    try { response = await fetch(path, options); } catch { throw new Error("The mock does not answer. Is it still running?"); }
    if (response.status === 401) { location.reload(); throw new Error("Logged out"); }
    const answer = await response.text();
    if (!response.ok) {
      let problem = {};
      try { problem = JSON.parse(answer); } catch { /* not a problem document */ }
      throw Object.assign(new Error(problem.detail || problem.title || answer || "HTTP " + response.status), { status: response.status, violations: problem.violations });
    }
    return text || !answer ? answer : JSON.parse(answer);
  }

  const part = encodeURIComponent;
  // inSession names the session in a path of the admin API.
  function inSession(path) { return path + (path.includes("?") ? "&" : "?") + "session=" + part(state.session); }

  // attempt runs what a person asked for; a failure is said, not lost. The button
  // that asked shows that something goes on, and is not pressed twice.
  async function attempt(action, by) {
    if (by?.ariaBusy === "true") return;
    if (by) by.ariaBusy = "true";
    try { return await action(); } catch (e) { say(e.message, true); } finally { if (by) by.ariaBusy = null; }
  }

  // say tells something for a while; what went wrong stays longer. The latest few show.
  function say(text, bad = false) {
    const p = el("p", bad ? "bad" : "", text);
    $("said").append(p);
    while ($("said").children.length > 3) $("said").firstChild.remove();
    setTimeout(() => p.remove(), bad ? 10000 : 4500);
  }

  function download(name, text, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const a = set(el("a"), { href: url, download: name });
    document.body.append(a);
    a.click();
    a.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  function contract() { return state.contracts.find((c) => c.name === state.contract); }

  // An address names the view, what is open in it, and behind "?" what it is about:
  // contract and session, or the filters of the requests.
  function address(...parts) {
    const v = views.get(parts[0]);
    return written(parts, v?.scoped ? scopeQuery() : v?.query?.() || "");
  }
  function written(parts, query) { return "#/" + parts.map(part).join("/") + (String(query) ? "?" + query : ""); }
  function go(...parts) { location.hash = address(...parts); }
  function here() {
    const [path, query = ""] = location.hash.slice(1).split("?");
    const decoded = (p) => { try { return decodeURIComponent(p); } catch { return p; } };
    return { parts: path.slice(1).split("/").map(decoded), query: new URLSearchParams(query) };
  }
  function scopeQuery() {
    const q = new URLSearchParams();
    if (state.contracts.length > 1) q.set("contract", state.contract);
    if (state.session !== "default") q.set("session", state.session);
    return q;
  }

  function time(text) {
    const t = new Date(text);
    const two = (n, d = 2) => String(n).padStart(d, "0");
    return two(t.getHours()) + ":" + two(t.getMinutes()) + ":" + two(t.getSeconds()) + "." + two(t.getMilliseconds(), 3);
  }
  function took(ms) { return ms < 1 ? ms.toFixed(2) + " ms" : ms < 1000 ? ms.toFixed(ms < 10 ? 1 : 0) + " ms" : (ms / 1000).toFixed(1) + " s"; }
  function bytes(n) { return n < 1000 ? n + (n === 1 ? " byte" : " bytes") : n < 1e6 ? (n / 1000).toFixed(1) + " kB" : (n / 1e6).toFixed(1) + " MB"; }
  function counted(n, one, many = one + "s") { return count.format(n) + " " + (n === 1 ? one : many); }
  const count = new Intl.NumberFormat("en");

  // view registers one: {name, title, scoped, show(root, parts, query), hide?, key?}.
  function view(v) { views.set(v.name, v); }

  // take reads contract and session from an address.
  function take(query) {
    const name = query.get("contract"), session = query.get("session");
    if (state.contracts.some((c) => c.name === name)) state.contract = name;
    state.session = session || "default";
    $("contract").value = state.contract;
    $("session").value = state.session;
  }

  async function route() {
    if (!location.hash.startsWith("#/")) {
      if (location.hash && state.view) return; // the skip link
      location.replace("#/requests");
      return;
    }
    const { parts, query } = here();
    const next = views.get(parts[0]) || views.get("requests");
    if (next.scoped) take(query);
    if (state.view !== next) {
      state.view?.hide?.();
      state.view = next;
      $("main").className = "";
      $("main").replaceChildren(el("p", "loading soft", "Loading …"));
    }
    $("scope").hidden = !next.scoped;
    for (const a of $("views").children) set(a, { "aria-current": a.dataset.view === next.name ? "page" : null, href: address(a.dataset.view) });
    document.title = next.title + " · Roadworthy mock";
    try {
      await next.show($("main"), parts.slice(1), query);
    } catch (e) {
      say(e.message, true);
      $("main").querySelector(".loading")?.replaceWith(empty(e.message, el("p", "", button("Try again", route))));
    }
  }

  async function sessions() {
    const { sessions } = await call("GET", "sessions");
    $("sessions").replaceChildren(...sessions.map((s) => set(el("option", "", counted(s.requests, "request")), { value: s.name })));
    return sessions;
  }

  // rescope shows the present view for another contract or session.
  function rescope() {
    state.contract = $("contract").value;
    state.session = $("session").value.trim() || "default";
    try { sessionStorage.setItem("scope", String(scopeQuery())); } catch { /* private window */ }
    const next = address(state.view.name);
    if (location.hash === next) route(); else location.hash = next;
  }

  async function start() {
    let number = 0;
    for (const v of views.values()) {
      number++;
      $("views").append(set(el("a", "", v.title), { href: address(v.name), "data-view": v.name, "aria-keyshortcuts": number }));
    }
    ({ contracts: state.contracts } = await call("GET", "contracts"));
    let kept = "";
    try { kept = sessionStorage.getItem("scope") || ""; } catch { /* private window */ }
    state.contract = state.contracts[0].name;
    $("contract").replaceChildren(...select(state.contracts.map((c) => [c.name, c.title || c.name]), state.contract).childNodes);
    take(new URLSearchParams(kept));
    $("contract").addEventListener("change", rescope);
    $("session").addEventListener("change", rescope);
    $("session").addEventListener("focus", () => attempt(sessions));
    $("help").addEventListener("click", help);
    $("skip").addEventListener("click", (e) => { e.preventDefault(); $("main").focus(); });
    try { $("keys-on").checked = localStorage.getItem("keys") !== "off"; } catch { /* private window */ }
    $("keys-on").addEventListener("change", () => { try { localStorage.setItem("keys", $("keys-on").checked ? "on" : "off"); } catch { /* private window */ } });
    addEventListener("hashchange", route);
    document.addEventListener("keydown", keys);
    await route();
  }

  const shortcuts = [["1 … 5", "the views"], ["/", "search"], ["↑ ↓, j k", "next and previous request"], ["Page ↑ ↓, Home, End", "further up and down, newest and oldest"], ["Enter", "open the request"], ["Esc", "close it"], ["p", "pause or go on"], ["c", "copy the curl line of the open request"], ["← → ↑ ↓", "from outcome to outcome"], ["Ctrl Enter", "send, in the body of an example"], ["?", "these keys"]];
  function help() {
    $("keys-list").replaceChildren(...shortcuts.flatMap(([key, what]) => [el("dt", "mono", key), el("dd", "", what)]));
    $("keys").showModal();
  }

  function keys(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]")) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
    if (e.key === "Escape") { if (typing) e.target.blur(); else state.view?.key?.("Escape", e.target); return; }
    // A single letter is a key only for those who want that.
    if (typing || (e.key.length === 1 && !$("keys-on").checked)) return;
    const list = [...views.values()];
    if (e.key >= "1" && e.key <= String(list.length)) go(list[e.key - 1].name);
    else if (e.key === "?") help();
    else if (state.view?.key?.(e.key, e.target)) { /* done there */ }
    else return;
    e.preventDefault();
  }

  // modal shows nodes in a dialog and gives what it was closed with. The focus goes
  // back to where it was.
  function modal(title, nodes, { wide = false, guard = null } = {}) {
    const d = set(el("dialog", wide ? "wide" : "", el("h2", "", title), ...nodes), { "aria-label": page.plain(title) });
    const closed = new Promise((done) => d.addEventListener("close", () => { d.remove(); done(d.returnValue); }));
    d.addEventListener("cancel", (e) => { if (e.target === d && guard) { e.preventDefault(); attempt(async () => { if (await guard()) d.close(""); }); } });
    document.body.append(d);
    d.showModal();
    return { dialog: d, closed };
  }

  // choose shows a dialog with nodes and buttons, and gives the value of the button.
  // What is asked for is at hand; what destroys is not.
  function choose(title, nodes, buttons) {
    const row = el("p", "controls end");
    const first = buttons.find(([, , c]) => c === "primary") || buttons.at(-1);
    for (const one of buttons) {
      const [value, label, className] = one;
      const b = set(el("button", className || "", label), { type: "button", autofocus: one === first });
      b.addEventListener("click", () => b.closest("dialog").close(value));
      row.append(b);
    }
    return modal(title, [...nodes, row]).closed;
  }

  return { state, set, button, labelled, select, input, facts, head, section, empty, call, part, inSession, attempt, say, download, contract, go, address, written, here, time, took, bytes, counted, count, view, start, modal, choose, sessions, route };
})();
