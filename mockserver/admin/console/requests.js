// Live requests: a table of which only the visible rows exist, fed by the stream.

app.view((() => {
  const { el } = page;
  const { set, call, part, state } = app;
  const most = 20000; // rows that are kept here
  let rows = []; // oldest first
  let waiting = [];
  let source = null, paused = false, selected = 0, timer = 0, panes = null, list, space, shown, filters, filled = "";

  function columns(r) {
    return [
      ["number", String(r.id)],
      ["middle", app.time(r.time)],
      ["mono", r.method],
      ["mono", r.url],
      ["wide", r.operation || "no operation"],
      [app.statusClass(r.status), String(r.status)],
      ["middle", r.internal ? "internal fault" : [r.rule || r.reason || r.outcome || "", ...(r.items || []).filter(Boolean).slice(0, 3)].filter(Boolean).join(" ")],
      ["wide number", app.took(r.durationMs)],
    ];
  }

  function query() {
    const q = new URLSearchParams({ summary: "true" });
    for (const [name, field] of Object.entries(filters)) if (field.value.trim()) q.set(name, field.value.trim());
    return q;
  }

  // load reads what the journal has, and listens from there on.
  async function load() {
    source?.close();
    const q = query();
    q.set("limit", String(most));
    const { requests } = await call("GET", "requests?" + q);
    rows = requests;
    waiting = [];
    draw(true);
    listen();
  }

  function listen() {
    const q = query();
    q.set("after", String(rows.length ? rows.at(-1).id : 0));
    source = new EventSource("requests/stream?" + q);
    source.addEventListener("request", (e) => { waiting.push(JSON.parse(e.data)); if (waiting.length > most) waiting.shift(); soon(); });
    // When the mock was faster than this page, the gap is read from the journal.
    source.addEventListener("lost", () => { clearTimeout(listen.late); listen.late = setTimeout(() => state.view?.name === "requests" && app.attempt(load), 400); });
    source.addEventListener("open", () => say());
    source.addEventListener("error", () => say("not connected"));
  }

  function soon() {
    if (!timer) timer = setTimeout(() => { timer = 0; if (!paused) take(); say(); }, 60);
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

  function say(problem) {
    const what = problem || (paused ? "paused" + (waiting.length ? ", " + app.count.format(waiting.length) + " waiting" : "") : "live");
    shown.textContent = app.count.format(rows.length) + (rows.length === 1 ? " request, " : " requests, ") + what;
  }

  function height() { return matchMedia("(max-width: 720px)").matches ? 40 : 32; }

  function draw(anew = false) {
    const h = height(), n = rows.length;
    space.style.height = n * h + "px";
    set(list, { "aria-rowcount": n });
    const first = Math.max(0, Math.floor(list.scrollTop / h) - 6), last = Math.min(n, Math.ceil((list.scrollTop + list.clientHeight) / h) + 6);
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
    if (!n) { if (!space.nextSibling) list.append(el("p", "empty", "Nothing yet. Call the mock, and the requests appear here.")); } else space.nextSibling?.remove();
    say();
  }

  function fill(node, r, anew) {
    node.className = "line" + (anew ? "" : " fresh");
    set(node, { id: "row-" + r.id, "data-id": r.id });
    node.replaceChildren(...columns(r).map(([className, text]) => set(el("span", className, text), { role: "gridcell" })));
  }

  function place(node, r, i, h) {
    node.style.top = i * h + "px";
    set(node, { "aria-rowindex": i + 1, "aria-selected": r.id === selected });
  }

  // move selects another row and brings it into view.
  function move(to) {
    if (!rows.length) return;
    const i = Math.max(0, Math.min(rows.length - 1, to)), h = height();
    selected = rows[rows.length - 1 - i].id;
    if (i * h < list.scrollTop) list.scrollTop = i * h;
    else if ((i + 1) * h > list.scrollTop + list.clientHeight) list.scrollTop = (i + 1) * h - list.clientHeight;
    draw();
    if (panes.classList.contains("open")) open(selected);
  }

  function position() { const at = rows.findIndex((r) => r.id === selected); return at < 0 ? -1 : rows.length - 1 - at; }

  function open(id) { app.go("requests", id); }

  function close() { app.go("requests"); list.focus(); }

  function pause(button) {
    paused = !paused;
    set(button, { "aria-pressed": paused });
    button.textContent = paused ? "Go on" : "Pause";
    if (!paused) take();
    say();
  }

  let pauseButton;
  function build(root) {
    root.className = "split";
    const operations = new Set(state.contracts.flatMap((c) => c.operations.map((o) => o.id)));
    filters = {
      text: set(app.input("", { type: "search", placeholder: "Search in URLs, bodies, rules", "aria-label": "Search" }), { id: "search" }),
      contract: app.select([["", "All contracts"], ...state.contracts.map((c) => [c.name, c.name])], "", { "aria-label": "Contract of the requests", id: "filter-contract" }),
      operation: app.select([["", "All operations"], ...[...operations].sort().map((o) => [o, o])], "", { "aria-label": "Operation", id: "filter-operation" }),
      status: app.input("", { placeholder: "Status", size: 6, list: "statuses", "aria-label": "Status, such as 404 or 4xx", id: "filter-status" }),
      session: app.input("", { placeholder: "Any session", size: 11, list: "sessions", "aria-label": "Session of the requests", id: "filter-session" }),
    };
    const statuses = set(el("datalist"), { id: "statuses" });
    statuses.append(...["2xx", "4xx", "5xx", "200", "201", "400", "401", "403", "404", "409", "422", "500"].map((v) => set(el("option"), { value: v })));
    let late;
    for (const field of Object.values(filters)) {
      field.addEventListener("input", () => { clearTimeout(late); late = setTimeout(() => app.attempt(load), 250); });
    }
    pauseButton = app.button("Pause", () => pause(pauseButton), { "aria-pressed": false, "aria-keyshortcuts": "p", id: "pause" });
    const clear = app.button("Clear", async () => {
      await call("DELETE", "requests" + (filters.session.value ? "?session=" + part(filters.session.value) : ""));
      await load();
    }, { id: "clear" });
    const har = app.button("HAR", async () => app.download("requests.har", await call("GET", "requests?format=har&limit=0", undefined, { text: true }), "application/json"), { "aria-label": "Download as HAR" });
    shown = set(el("span", "soft"), { id: "shown", role: "status" });
    const head = set(el("div", "line head"), { role: "row" });
    for (const [className, text] of [["number", "No."], ["middle", "Time"], ["", "Method"], ["", "URL"], ["wide", "Operation"], ["", "Status"], ["middle", "Decision"], ["wide number", "Took"]]) head.append(set(el("span", className, text), { role: "columnheader" }));
    space = set(el("div", "space"), { role: "presentation" });
    list = set(el("div", "rows", space), { role: "rowgroup", tabindex: 0, "aria-label": "Requests, newest first", id: "rows" });
    list.addEventListener("scroll", () => draw(true), { passive: true });
    list.addEventListener("click", (e) => { const row = e.target.closest(".line"); if (row) { selected = Number(row.dataset.id); open(selected); } });
    panes = el("div", "panes", set(el("div", "list", head, list), { role: "grid", "aria-label": "Requests" }));
    root.replaceChildren(el("div", "controls", ...Object.values(filters), statuses, pauseButton, clear, har, shown), panes);
    new ResizeObserver(() => draw(true)).observe(list);
  }

  async function show(root, [id]) {
    if (filled !== "yes") { filled = "yes"; build(root); await load(); app.attempt(app.sessions); }
    const old = panes.querySelector(".detail");
    selected = Number(id) || selected;
    panes.classList.toggle("open", Boolean(id));
    draw(true);
    if (!id) { old?.remove(); return; }
    const fresh = await app.detail(id, close);
    if (location.hash !== app.address("requests", id)) return;
    panes.querySelector(".detail")?.remove();
    panes.append(fresh);
  }

  return {
    name: "requests", title: "Requests", show,
    hide() { source?.close(); source = null; filled = ""; rows = []; paused = false; },
    scope() { /* the filters of this view are its own */ },
    key(key) {
      const page = Math.max(1, Math.floor(list.clientHeight / height()) - 1);
      switch (key) {
        case "/": filters.text.focus(); return true;
        case "p": pause(pauseButton); return true;
        case "ArrowDown": case "j": move(position() + 1); return true;
        case "ArrowUp": case "k": move(Math.max(0, position() - 1)); return true;
        case "PageDown": move(position() + page); return true;
        case "PageUp": move(position() - page); return true;
        case "Home": move(0); return true;
        case "End": move(rows.length - 1); return true;
        case "Enter": if (document.activeElement === list || document.activeElement === document.body) { if (selected) open(selected); return true; } return false;
        case "Escape": if (panes.classList.contains("open")) close(); return true;
      }
      return false;
    },
  };
})());
