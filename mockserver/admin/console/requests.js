// Live requests: a table of which only the visible rows exist, fed by the stream.

app.view((() => {
  const { el } = page;
  const { set, call, part, state } = app;
  const most = 20000; // rows that are kept here
  const names = ["text", "contract", "operation", "status", "session"]; // the filters
  let rows = []; // oldest first
  let waiting = [];
  let source = null, server = "", paused = false, off = false, selected = 0, timer = 0, loading = 0, built = false;
  let panes, list, space, shown, filters, pauseButton, asked = new URLSearchParams();

  function columns(r) {
    return [
      ["number", String(r.id)],
      ["middle", app.time(r.time)],
      ["mono", r.method],
      ["mono", r.url],
      ["wide", (r.operation || "no operation") + (r.session === "default" ? "" : " · " + r.session)],
      ["status " + tone(r), r.status ? String(r.status) : "none"],
      ["middle", decision(r)],
      ["wide number", app.took(r.durationMs)],
    ];
  }

  // tone is how it went: an HTTP 200 may say in its body that it was refused.
  function tone(r) { return r.internal || r.status >= 500 || !r.status ? "s5" : r.refused ? "s4" : r.status >= 300 ? "s3" : "s2"; }

  function decision(r) {
    if (r.internal) return "internal fault";
    const items = [...new Set((r.items || []).filter(Boolean))];
    const why = r.refused ? [r.rule || r.reason || (items.length ? "" : r.outcome || ""), ...items.slice(0, 3)] : [r.changes ? app.counted(r.changes, "change") : ""];
    return [...why, ...(r.faults || []).map((f) => "fault " + f)].filter(Boolean).join(", ");
  }

  function query() {
    if (!filters) return asked;
    const q = new URLSearchParams();
    for (const name of names) if (filters[name].value.trim()) q.set(name, filters[name].value.trim());
    return q;
  }

  // load reads what the journal has, and listens from there on.
  async function load() {
    const mine = ++loading;
    source?.close();
    const q = query();
    const answer = await call("GET", "requests?summary=true&limit=" + most + "&" + q);
    if (mine !== loading || !built) return;
    rows = answer.requests;
    server = answer.server;
    waiting = [];
    space.replaceChildren(); // numbers may mean other requests now
    draw(true);
    listen(q);
  }

  function listen(q) {
    const after = rows.length ? rows.at(-1).id : 0;
    source = new EventSource("requests/stream?summary=true&marks=true&after=" + after + "&" + q);
    source.addEventListener("request", (e) => { waiting.push(JSON.parse(e.data)); if (waiting.length > most) waiting.shift(); soon(); });
    source.addEventListener("hello", (e) => {
      const one = JSON.parse(e.data).server;
      // Another life of the mock counts from 1 again: what is here is of the last one.
      off = false;
      if (one !== server) { app.say("The mock was started again. Its journal begins anew."); app.attempt(load); } else say();
    });
    source.addEventListener("lost", (e) => app.say(app.counted(Number(e.data), "request") + " went by while nobody read: the journal keeps no more than the last of each session."));
    source.addEventListener("cleared", () => app.attempt(load));
    source.addEventListener("error", () => {
      off = true;
      say();
      // The browser tries again by itself, unless the answer was not a stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (built) load().catch(() => source.dispatchEvent(new Event("error"))); }, 2000);
    });
  }

  function soon() {
    if (!timer) timer = setTimeout(() => { timer = 0; if (!built) return; if (!paused) take(); say(); }, 60);
  }

  function take() {
    const known = rows.length ? rows.at(-1).id : 0;
    const fresh = waiting.filter((r) => r.id > known);
    waiting = [];
    if (!fresh.length) return;
    rows = rows.concat(fresh);
    if (rows.length > most) rows = rows.slice(-most);
    // Who reads further down keeps the place.
    if (list.scrollTop > 0) list.scrollTop += fresh.length * height();
    draw();
  }

  function say() {
    const what = off ? "not connected, trying again" : (paused ? "paused" + (waiting.length ? ", " + app.count.format(waiting.length) + " waiting" : "") : "live");
    shown.className = "soft live " + (off ? "off" : paused ? "held" : "on");
    shown.textContent = app.counted(rows.length, "request") + ", " + what;
  }

  const narrow = matchMedia("(max-width: 720px)");
  function height() { return narrow.matches ? 44 : 32; }
  function headHeight() { return list.firstChild.offsetHeight; }

  function draw(anew = false) {
    const h = height(), n = rows.length, view = list.clientHeight - headHeight();
    space.style.height = n * h + "px";
    set(list, { "aria-rowcount": n + 1 });
    const first = Math.max(0, Math.floor(list.scrollTop / h) - 6), last = Math.min(n, Math.ceil((list.scrollTop + view) / h) + 6);
    const there = new Map([...space.children].map((node) => [Number(node.dataset.id), node]));
    const missing = [];
    for (let i = first; i < last; i++) {
      const r = rows[n - 1 - i], node = there.get(r.id);
      if (node) { there.delete(r.id); place(node, r, i, h); } else missing.push(i);
    }
    // Rows that went out of sight show others now.
    const free = [...there.values()];
    for (const i of missing) {
      const r = rows[n - 1 - i], node = free.pop() || space.appendChild(set(el("div"), { role: "row" }));
      fill(node, r, anew);
      place(node, r, i, h);
    }
    for (const node of free) node.remove();
    set(list, { "aria-activedescendant": document.getElementById("row-" + selected) ? "row-" + selected : null });
    panes.querySelector(".beginning")?.toggleAttribute("hidden", n > 0);
    if (!n) app.attempt(beginning);
    say();
  }

  function fill(node, r, anew) {
    node.className = "line" + (anew ? "" : " fresh");
    set(node, { id: "row-" + r.id, "data-id": r.id });
    columns(r).forEach(([className, text], i) => {
      const cell = node.children[i] || node.appendChild(set(el("span"), { role: "gridcell" }));
      cell.className = className;
      page.put(cell, text);
    });
  }

  function place(node, r, i, h) {
    node.style.top = i * h + "px";
    set(node, { "aria-rowindex": i + 2, "aria-selected": r.id === selected });
  }

  // beginning is what shows as long as there is nothing to show.
  async function beginning() {
    const filtered = String(query());
    let node = panes.querySelector(".beginning");
    if (node && node.dataset.filtered === filtered) return;
    node?.remove();
    node = set(el("div", "beginning empty"), { "data-filtered": filtered });
    list.after(node);
    if (filtered) {
      node.append(el("p", "", el("strong", "", "No request fits these filters.")), el("p", "", app.button("Show all requests", async () => { for (const f of Object.values(filters)) f.value = ""; await changed(); })));
      return;
    }
    node.append(el("p", "", el("strong", "", "Nobody has called the mock yet.")), el("p", "soft", "Requests appear here as they come in, with what was decided and why. Paste one of these into a shell, or send it from here:"));
    for (const c of state.contracts.slice(0, 4)) node.append(await app.first(c));
  }

  // move selects another row and brings it into view.
  function move(to) {
    if (!rows.length) return;
    const i = Math.max(0, Math.min(rows.length - 1, to)), h = height(), view = list.clientHeight - headHeight();
    selected = rows[rows.length - 1 - i].id;
    if (i * h < list.scrollTop) list.scrollTop = i * h;
    else if ((i + 1) * h > list.scrollTop + view) list.scrollTop = (i + 1) * h - view;
    draw();
    if (panes.classList.contains("open")) open(selected);
  }

  function position() { const at = rows.findIndex((r) => r.id === selected); return at < 0 ? -1 : rows.length - 1 - at; }

  function open(id) { app.go("requests", id); }

  function close() { app.go("requests"); list.focus(); }

  function pause() {
    paused = !paused;
    set(pauseButton, { "aria-pressed": paused });
    pauseButton.textContent = paused ? "Go on" : "Pause";
    if (!paused) take();
    say();
  }

  // changed follows the filters: the address says them, so that it can be passed on.
  async function changed() {
    const { parts } = app.here();
    history.replaceState(null, "", app.written(parts[0] === "requests" ? parts : ["requests"], query()));
    for (const a of document.querySelectorAll("#views [data-view=requests]")) a.href = app.address("requests");
    more.textContent = moreText();
    await load();
  }

  let more;
  function moreText() { const n = names.slice(1).filter((name) => filters[name].value.trim()).length; return n ? "Filters (" + n + ")" : "Filters"; }

  function build(root) {
    built = true;
    root.className = "split";
    const operations = new Set(state.contracts.flatMap((c) => c.operations.map((o) => o.id)));
    filters = {
      text: app.input("", { type: "search", placeholder: "Search URLs, bodies, rules", "aria-label": "Search", id: "search" }),
      contract: app.select([["", "All contracts"], ...state.contracts.map((c) => [c.name, c.name])], "", { "aria-label": "Contract of the requests", id: "filter-contract" }),
      operation: app.select([["", "All operations"], ...[...operations].sort().map((o) => [o, o])], "", { "aria-label": "Operation", id: "filter-operation" }),
      status: app.input("", { placeholder: "Status", size: 5, list: "statuses", "aria-label": "Status, such as 404 or 4xx", id: "filter-status" }),
      session: app.input("", { placeholder: "Any session", size: 10, list: "sessions", "aria-label": "Session of the requests", id: "filter-session" }),
    };
    const statuses = set(el("datalist"), { id: "statuses" });
    statuses.append(...["2xx", "4xx", "5xx", "200", "201", "400", "401", "403", "404", "409", "422", "500"].map((v) => set(el("option"), { value: v })));
    let late;
    for (const field of Object.values(filters)) {
      field.addEventListener("input", () => { clearTimeout(late); late = setTimeout(() => app.attempt(changed), 250); });
    }
    filters.session.addEventListener("focus", () => app.attempt(app.sessions));
    pauseButton = app.button(paused ? "Go on" : "Pause", pause, { "aria-pressed": paused, "aria-keyshortcuts": "p", id: "pause", title: "Hold the table still; nothing is lost (p)" });
    const clear = app.button("Clear", async () => {
      const session = filters.session.value.trim();
      const sure = await app.choose("Clear the journal?", [el("p", "", session ? "The requests of session " + session + " are forgotten." : "The requests of all sessions are forgotten, for everybody who looks at this mock."), el("p", "soft", "The state stays as it is.")], [["yes", "Clear", "danger"], ["", "Cancel"]]);
      if (sure === "yes") await call("DELETE", "requests" + (session ? "?session=" + part(session) : ""));
    }, { id: "clear", title: "Forget the requests" });
    const har = app.button("HAR", async () => app.download("requests.har", await call("GET", "requests?format=har&limit=0&" + query(), undefined, { text: true }), "application/json"), { id: "har", "aria-label": "Download as HAR", title: "Download these requests as an HTTP archive" });
    shown = set(el("span", "soft"), { id: "shown", role: "status" });
    more = app.button("Filters", () => set(more, { "aria-expanded": root.querySelector(".filters").classList.toggle("open") }), { class: "more", "aria-expanded": false, "aria-controls": "filters" });
    const head = set(el("div", "line head"), { role: "row", "aria-rowindex": 1 });
    for (const [className, text] of [["number", "No."], ["middle", "Time"], ["", "Method"], ["", "URL"], ["wide", "Operation"], ["", "Status"], ["middle", "Decision"], ["wide number", "Took"]]) head.append(set(el("span", className, text), { role: "columnheader" }));
    space = set(el("div", "space"), { role: "rowgroup" });
    list = set(el("div", "rows", set(el("div", "top", head), { role: "rowgroup" }), space), { role: "grid", tabindex: 0, "aria-label": "Requests, newest first", "aria-readonly": true, id: "rows" });
    list.addEventListener("scroll", () => draw(true), { passive: true });
    list.addEventListener("click", (e) => { const row = e.target.closest(".line[data-id]"); if (row) { selected = Number(row.dataset.id); open(selected); } });
    panes = el("div", "panes", el("div", "list", list));
    const { text, ...others } = filters;
    root.replaceChildren(el("div", "controls filters", text, more, set(el("div", "controls others", ...Object.values(others)), { id: "filters" }), statuses, el("div", "controls", pauseButton, clear, har), shown), panes);
    new ResizeObserver(() => { if (built) draw(true); }).observe(list);
  }

  async function show(root, [id], q) {
    const given = new URLSearchParams(names.filter((n) => q.get(n)).map((n) => [n, q.get(n)]));
    const same = built && String(given) === String(query());
    if (!built) build(root);
    if (!same) {
      asked = given;
      for (const name of names) {
        const value = given.get(name) || "";
        if (filters[name].tagName === "SELECT" && ![...filters[name].options].some((o) => o.value === value)) filters[name].append(set(el("option", "", value), { value }));
        filters[name].value = value;
      }
      more.textContent = moreText();
      await load();
      app.attempt(app.sessions);
    } else if (!source) await load();
    const old = panes.querySelector(".detail");
    selected = Number(id) || selected;
    panes.classList.toggle("open", Boolean(id));
    draw(true);
    if (!id) { old?.remove(); return; }
    if (old?.dataset.id === id) return;
    const fresh = await app.detail(id, close, rows.find((r) => r.id === Number(id)));
    if (app.here().parts[1] !== id || !built) return;
    panes.querySelector(".detail")?.remove();
    panes.append(fresh);
    if (narrow.matches) fresh.querySelector("h2").focus();
  }

  return {
    name: "requests", title: "Requests", query, show,
    hide() {
      asked = query();
      built = false;
      source?.close();
      source = filters = null;
      rows = waiting = [];
      paused = false;
    },
    key(key, at) {
      const inList = at === list || at === document.body || at.id === "main";
      const page = Math.max(1, Math.floor((list.clientHeight - headHeight()) / height()) - 1);
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -most, End: most };
      if (inList && steps[key]) { move(position() < 0 && steps[key] > 0 && key !== "End" ? steps[key] - 1 : position() + steps[key]); return true; }
      switch (key) {
        case "/": filters.text.focus(); return true;
        case "p": pause(); return true;
        case "j": move(position() + 1); return true;
        case "k": move(Math.max(0, position() - 1)); return true;
        case "c": panes.querySelector("#copy-curl")?.click(); return true;
        case "Enter": if (inList && selected) { open(selected); return true; } return false;
        case "Escape": if (panes.classList.contains("open")) close(); return true;
      }
      return false;
    },
  };
})());
