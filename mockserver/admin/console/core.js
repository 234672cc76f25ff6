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
      else node.setAttribute(name, value === true && !aria ? "" : String(value));
    }
    return node;
  }

  function button(label, action, attributes = {}) {
    const b = set(el("button", attributes.class || "", label), { type: "button", ...attributes });
    b.addEventListener("click", () => attempt(action));
    return b;
  }

  function labelled(label, field) { return el("label", "", label, field); }

  function select(options, chosen, attributes = {}) {
    const s = set(el("select"), attributes);
    for (const o of options) {
      const [value, text] = Array.isArray(o) ? o : [o, o];
      const option = set(el("option", "", text), { value });
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

  // call asks the admin API; a problem becomes an Error with its detail.
  async function call(method, path, body, { text = false } = {}) {
    const options = { method, headers: {}, credentials: "same-origin" };
    if (body !== undefined) {
      options.headers["Content-Type"] = "application/json";
      options.body = typeof body === "string" ? body : JSON.stringify(body);
    }
    const response = await fetch(path, options);
    if (response.status === 401) { location.reload(); throw new Error("Logged out"); }
    const answer = await response.text();
    if (!response.ok) {
      let why = answer;
      try { const p = JSON.parse(answer); why = p.detail || p.title; } catch { /* not a problem document */ }
      throw new Error(why || "HTTP " + response.status);
    }
    return text || !answer ? answer : JSON.parse(answer);
  }

  const part = encodeURIComponent;
  // inSession names the session in a path of the admin API.
  function inSession(path) { return path + (path.includes("?") ? "&" : "?") + "session=" + part(state.session); }

  // attempt runs what a person asked for; a failure is said, not lost.
  async function attempt(action) {
    try { return await action(); } catch (e) { say(e.message, true); }
  }

  function say(text, bad = false) {
    const p = el("p", bad ? "bad" : "", text);
    $("said").replaceChildren(p);
    setTimeout(() => p.remove(), bad ? 9000 : 4000);
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

  function go(...parts) { location.hash = "#/" + parts.map(part).join("/"); }
  function address(...parts) { return "#/" + parts.map(part).join("/"); }

  function time(text) {
    const t = new Date(text);
    const two = (n, d = 2) => String(n).padStart(d, "0");
    return two(t.getHours()) + ":" + two(t.getMinutes()) + ":" + two(t.getSeconds()) + "." + two(t.getMilliseconds(), 3);
  }
  function took(ms) { return ms < 1 ? ms.toFixed(2) + " ms" : ms < 1000 ? ms.toFixed(ms < 10 ? 1 : 0) + " ms" : (ms / 1000).toFixed(1) + " s"; }
  function statusClass(status) { return "status s" + String(status)[0]; }
  const count = new Intl.NumberFormat("en");

  // view registers one: {name, title, show(root, parts), hide?, scope?()}.
  function view(v) { views.set(v.name, v); }

  async function route() {
    if (!location.hash.startsWith("#/")) {
      if (location.hash && state.view) return; // the skip link
      location.replace("#/requests");
      return;
    }
    const parts = location.hash.slice(2).split("/").map(decodeURIComponent);
    const next = views.get(parts[0]) || views.get("requests");
    if (state.view !== next) {
      state.view?.hide?.();
      state.view = next;
      $("main").className = "";
      $("main").replaceChildren();
    }
    for (const a of $("views").children) set(a, { "aria-current": a.dataset.view === next.name ? "page" : null });
    document.title = next.title + " · Roadworthy mock";
    await attempt(() => next.show($("main"), parts.slice(1)));
  }

  // again shows the present view anew, after the scope has changed.
  function again() { return attempt(() => state.view?.scope ? state.view.scope() : route()); }

  async function sessions() {
    const { sessions } = await call("GET", "sessions");
    $("sessions").replaceChildren(...sessions.map((s) => set(el("option", "", count.format(s.requests) + " requests"), { value: s.name })));
    return sessions;
  }

  async function start() {
    let number = 0;
    for (const v of views.values()) {
      number++;
      $("views").append(set(el("a", "", v.title), { href: address(v.name), "data-view": v.name, "aria-keyshortcuts": number }));
    }
    ({ contracts: state.contracts } = await call("GET", "contracts"));
    const kept = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };
    const keep = (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* private window */ } };
    state.contract = state.contracts.some((c) => c.name === kept("contract")) ? kept("contract") : state.contracts[0].name;
    state.session = kept("session") || "default";
    $("contract").replaceChildren(...select(state.contracts.map((c) => [c.name, c.title || c.name]), state.contract).childNodes);
    $("contract").addEventListener("change", () => { state.contract = $("contract").value; keep("contract", state.contract); again(); });
    $("session").value = state.session;
    $("session").addEventListener("change", () => { state.session = $("session").value.trim() || "default"; $("session").value = state.session; keep("session", state.session); again(); });
    $("session").addEventListener("focus", () => attempt(sessions));
    $("help").addEventListener("click", help);
    $("skip").addEventListener("click", (e) => { e.preventDefault(); $("main").focus(); });
    addEventListener("hashchange", route);
    document.addEventListener("keydown", keys);
    await route();
  }

  const shortcuts = [["1 … 5", "the views"], ["/", "search"], ["p", "pause or go on"], ["↑ ↓, j k", "next and previous request"], ["Enter", "open the request"], ["Esc", "close it"], ["Home, End", "newest and oldest"], ["?", "these keys"]];
  function help() {
    $("keys-list").replaceChildren(...shortcuts.flatMap(([key, what]) => [el("dt", "mono", key), el("dd", "", what)]));
    $("keys").showModal();
  }

  function keys(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
    if (e.key === "Escape") { if (typing) e.target.blur(); else state.view?.key?.("Escape"); return; }
    if (typing) return;
    const list = [...views.values()];
    if (e.key >= "1" && e.key <= String(list.length)) go(list[e.key - 1].name);
    else if (e.key === "?") help();
    else if (state.view?.key?.(e.key)) { /* done there */ }
    else return;
    e.preventDefault();
  }

  // choose shows a dialog with nodes and buttons, and gives the value of the button.
  function choose(title, nodes, buttons) {
    return new Promise((done) => {
      const d = set(el("dialog", "", el("h2", "", title), ...nodes), { "aria-label": title });
      const row = el("p", "controls");
      for (const [value, label, className] of buttons) {
        const b = set(el("button", className || "", label), { type: "button" });
        b.addEventListener("click", () => d.close(value));
        row.append(b);
      }
      d.append(row);
      d.addEventListener("close", () => { d.remove(); done(d.returnValue); });
      document.body.append(d);
      d.showModal();
    });
  }

  return { state, set, button, labelled, select, input, facts, call, part, inSession, attempt, say, download, contract, go, address, time, took, statusClass, count, view, start, choose, sessions, again };
})();
