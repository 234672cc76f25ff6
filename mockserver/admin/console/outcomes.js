// Every documented outcome as a grid: what was seen, what leads to it, and a way there.

app.view((() => {
  const { el } = page;
  const { set, call, part, inSession, state } = app;
  const names = { http: "HTTP status", global: "Code of the answer", item: "Code of an item" };
  let root, outcomes = [], armed = new Set(), source = null, later = 0, only = "all", text = "";

  function stated(o) { return o.basis === "documented" || o.basis === "corrected"; }
  function id(o) { return o.operation + " " + o.outcome; }

  function cell(o) {
    const b = set(el("button", "cell", o.code), { type: "button", "data-outcome": id(o) });
    b.addEventListener("click", () => app.attempt(() => open(o)));
    mark(b, o);
    return b;
  }

  // mark shows on a cell what is known of its outcome.
  function mark(b, o) {
    b.className = "cell" + (o.seen ? " seen" : "") + (stated(o) ? "" : " inferred") + (armed.has(id(o)) ? " armed" : "");
    set(b, { title: o.title, "aria-label": o.outcome + ", " + o.title + ", " + seen(o) + (stated(o) ? "" : ", " + o.basis) + (armed.has(id(o)) ? ", armed" : "") });
  }

  function seen(o) { return o.seen ? "seen " + app.counted(o.seen, "time") : "not seen"; }

  async function arm(o) {
    await call("POST", "faults", { fault: "outcome", contract: state.contract, operation: o.operation, session: state.session, params: { code: o.outcome }, call: 1 });
    app.say("The next call of " + o.operation + " in session " + state.session + " ends in " + o.outcome);
    armed.add(id(o));
    refresh();
  }

  async function prepare(o) {
    const values = await call("POST", inSession("provider-states"), { contract: state.contract, state: o.state, params: o.params || {}, action: "setup" });
    const json = JSON.stringify(values);
    await app.choose("The provider state " + o.state + " is set up", Object.keys(values).length ? [el("p", "", "The request must carry these values:"), page.code(page.body(json), json, "the values")] : [el("p", "", "The next call of " + o.operation + " meets it.")], [["", "Good", "primary"]]);
  }

  async function open(o) {
    const buttons = [];
    if (o.armable) buttons.push(["arm", "Arm for the next call", "primary"]);
    if (o.state) buttons.push(["state", "Set the provider state " + o.state]);
    buttons.push(["try", "Try the operation"], ["", "Close"]);
    const chosen = await app.choose(o.operation + ": " + o.outcome, [app.facts([
      ["Title", o.title], ["Meaning", o.meaning], ["HTTP status", String(o.status)], ["What leads to it", o.leadsTo],
      ["Basis", [o.basis, o.source].filter(Boolean).join(", ")], ["In this session", seen(o) + (armed.has(id(o)) ? ", armed for the next call" : "")],
      ["In a hurry", el("code", "", "Prefer: code=" + o.outcome)],
    ])], buttons);
    if (chosen === "arm") await arm(o);
    else if (chosen === "state") await prepare(o);
    else if (chosen === "try") app.go("contract", o.operation);
  }

  function fits(o) {
    if (only === "unseen" && o.seen || only === "seen" && !o.seen || only === "stated" && !stated(o)) return false;
    return !text || (o.code + " " + o.title + " " + o.operation + " " + (o.meaning || "")).toLowerCase().includes(text);
  }

  // roam makes one stop of the grid for Tab; the arrow keys go from cell to cell.
  function roam(matrix) {
    const cells = (tr) => [...tr.querySelectorAll("button.cell")].filter((c) => c.checkVisibility());
    matrix.querySelectorAll("button.cell").forEach((c, i) => { c.tabIndex = i ? -1 : 0; });
    matrix.addEventListener("focusin", (e) => {
      if (!e.target.matches("button.cell")) return;
      for (const c of matrix.querySelectorAll("button.cell[tabindex='0']")) c.tabIndex = -1;
      e.target.tabIndex = 0;
    });
    matrix.addEventListener("keydown", (e) => {
      const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[e.key];
      if (!by || !e.target.matches("button.cell")) return;
      const rows = [...matrix.querySelectorAll("tbody tr")].map(cells).filter((r) => r.length);
      const row = rows.findIndex((r) => r.includes(e.target)), at = rows[row].indexOf(e.target);
      const to = by[0] ? rows[row + by[0]]?.[Math.min(at, rows[row + by[0]].length - 1)] : rows[row][at + by[1]];
      to?.focus();
      e.preventDefault();
    });
  }

  // refresh brings what shows up to date, in place: who reads is not disturbed.
  function refresh() {
    if (!root?.querySelector("#matrix")) return;
    const by = new Map(outcomes.map((o) => [id(o), o]));
    for (const b of root.querySelectorAll("button.cell")) {
      const o = by.get(b.dataset.outcome);
      if (!o) continue;
      mark(b, o);
      b.hidden = !fits(o);
    }
    for (const tr of root.querySelectorAll("#matrix tbody tr")) {
      const own = outcomes.filter((o) => o.operation === tr.dataset.operation), n = own.filter((o) => o.seen).length;
      tr.querySelector(".share").textContent = n + " of " + own.length;
      tr.hidden = !own.some(fits);
    }
    const n = outcomes.filter((o) => o.seen).length;
    root.querySelector("#seen").textContent = app.count.format(n) + " of " + app.count.format(outcomes.length) + " seen in session " + state.session;
    root.querySelector("#seen-bar rect").setAttribute("width", outcomes.length ? 100 * n / outcomes.length : 0);
    root.querySelector("#none").hidden = outcomes.some(fits);
    const matrix = root.querySelector("#matrix"), stop = matrix.querySelector("button.cell[tabindex='0']"), shown = matrix.querySelector("tr:not([hidden]) button.cell:not([hidden])");
    if (stop?.hidden && shown) { stop.tabIndex = -1; shown.tabIndex = 0; }
  }

  // listen counts what comes in, as the mock does.
  function listen() {
    source?.close();
    source = new EventSource(inSession("requests/stream?summary=true&contract=" + part(state.contract)));
    source.addEventListener("request", (e) => {
      const r = JSON.parse(e.data), http = "http:" + r.status;
      for (const ref of [http, r.outcome === http ? "" : r.outcome, ...(r.items || [])]) {
        const o = ref && outcomes.find((x) => x.operation === r.operation && x.outcome === ref);
        if (o) o.seen++;
      }
      for (const key of armed) if (key.startsWith(r.operation + " ")) armed.delete(key);
      later ||= setTimeout(() => { later = 0; refresh(); }, 150);
    });
    source.addEventListener("lost", () => app.attempt(load));
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) setTimeout(() => { if (source) listen(); }, 3000); });
  }

  async function load() {
    ({ outcomes } = await call("GET", inSession("contracts/" + part(state.contract) + "/outcomes")));
    const { active } = await call("GET", "faults");
    armed = new Set(active.filter((f) => f.fault === "outcome" && !f.over && f.contract === state.contract && f.session === state.session).map((f) => f.operation + " " + f.params.code));
    refresh();
  }

  return {
    name: "outcomes", title: "Outcomes", scoped: true,
    hide() { source?.close(); source = null; clearTimeout(later); later = 0; root = null; },
    key(key) { if (key === "/") { document.getElementById("search-outcomes")?.focus(); return true; } return false; },
    async show(main) {
      root = main;
      await load();
      if (!outcomes.length) {
        root.replaceChildren(app.section("Outcomes of " + (app.contract().title || state.contract), "", app.empty("This contract names no outcomes.", el("p", "soft", "They come from the responses of an OpenAPI document, or from errors.yaml of a contract."))));
        return;
      }
      const layers = ["http", "global", "item"].filter((l) => outcomes.some((o) => o.layer === l));
      const body = el("tbody");
      for (const op of app.contract().operations) {
        const own = outcomes.filter((o) => o.operation === op.id);
        body.append(set(el("tr", "", set(el("th", "", set(el("a", "", op.id), { href: app.address("contract", op.id) }), el("div", "soft share")), { scope: "row" }),
          ...layers.map((l) => set(el("td", "", el("div", "cells", ...own.filter((o) => o.layer === l).map(cell))), { "data-label": own.some((o) => o.layer === l) ? names[l] : "" }))), { "data-operation": op.id }));
      }
      const search = app.input(text, { type: "search", id: "search-outcomes", placeholder: "Search codes, titles, operations", "aria-label": "Search outcomes" });
      search.addEventListener("input", () => { text = search.value.trim().toLowerCase(); refresh(); });
      const show = app.select([["all", "All outcomes"], ["unseen", "Not seen yet"], ["seen", "Seen"], ["stated", "Documented only"]], only, { "aria-label": "Which outcomes", id: "which" });
      show.addEventListener("change", () => { only = show.value; refresh(); });
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      set(bar, { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true", id: "seen-bar" });
      bar.append(set(document.createElementNS("http://www.w3.org/2000/svg", "rect"), { width: 0, height: 8 }));
      const legend = el("ul", "cells legend", ...[["seen", "seen"], ["", "not seen"], ["inferred", "dotted: no document states it"], ["armed", "armed for the next call"]].map(([c, t]) => el("li", "", set(el("span", "cell " + c, "409"), { "aria-hidden": "true" }), " " + t)));
      root.replaceChildren(app.section("Outcomes of " + (app.contract().title || state.contract), "stack",
        el("p", "", set(el("strong"), { id: "seen", role: "status" })), bar,
        el("p", "soft", "Each cell is one way in which an operation can end. Open it to learn what leads there, and to make it happen. Arrow keys go from cell to cell."), legend, el("div", "controls", search, show),
        set(el("p", "empty", "No outcome fits."), { id: "none", hidden: true }),
        set(el("div", "scroll", set(el("table", "matrix", app.head("Operation", ...layers.map((l) => names[l])), body), { id: "matrix" })), { tabindex: 0, role: "region", "aria-label": "Outcomes by operation" })));
      roam(root.querySelector("#matrix"));
      refresh();
      listen();
    },
  };
})());
