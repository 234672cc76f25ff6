// The state of a session: documents as tables, snapshots, provider states.

app.view((() => {
  const { el } = page;
  const { set, call, part, inSession, state } = app;
  const size = 50; // documents of a page
  let root, resource = "", offset = 0, text = "", editing = false;

  function where(...more) { return "state/" + [state.contract, ...more].map(part).join("/"); }

  // columns are the members with a simple value, in the order in which they come.
  function columns(documents) {
    const names = new Map();
    for (const d of documents) {
      if (!d.body || typeof d.body !== "object" || Array.isArray(d.body)) continue;
      for (const [name, v] of Object.entries(d.body)) if (v === null || typeof v !== "object") names.set(name, (names.get(name) || 0) + 1);
    }
    return [...names].sort((a, b) => b[1] - a[1]).slice(0, 5).map(([name]) => name);
  }

  function brief(v) { const s = v === undefined ? "" : typeof v === "string" ? v : JSON.stringify(v); return s.length > 60 ? s.slice(0, 60) + "…" : s; }

  function table(documents) {
    if (!documents.length) {
      return text ? app.empty("No " + resource + " holds “" + text + "”.") : app.empty("There is no " + resource + " in session " + state.session + ".", el("p", "soft", "The mock keeps here what callers create. Add one, set up a provider state, or bring the samples back."));
    }
    const names = columns(documents);
    const rows = documents.map((d) => {
      const open = set(el("a", "mono", d.key), { href: app.address("state", resource, d.key), "aria-label": "Open " + resource + " " + d.key });
      return el("tr", "", el("td", "key", open), el("td", "", d.owner || el("span", "soft", "sample")), ...names.map((n) => set(el("td", "", brief(d.body?.[n])), { title: brief(d.body?.[n]) })), el("td", "number", String(d.rev)));
    });
    const t = el("table", "documents", el("caption", "only-heard", resource), app.head("Key", "Owner", ...names, "Revision"), el("tbody", "", ...rows));
    return set(el("div", "scroll", t), { tabindex: 0, role: "region", "aria-label": "Documents of " + resource });
  }

  // pages are the buttons that lead to the documents before and behind.
  function pages(total) {
    if (total <= size) return el("p", "soft", app.counted(total, "document"));
    const to = (at) => async () => { offset = at; await documents(); };
    return el("div", "controls", el("span", "soft", app.count.format(offset + 1) + " to " + app.count.format(Math.min(total, offset + size)) + " of " + app.counted(total, "document")),
      app.button("First", to(0), { disabled: offset === 0 }), app.button("Earlier", to(Math.max(0, offset - size)), { disabled: offset === 0 }),
      app.button("Later", to(offset + size), { disabled: offset + size >= total, id: "later" }), app.button("Last", to(Math.floor((total - 1) / size) * size), { disabled: offset + size >= total }));
  }

  function tools() {
    const file = set(el("input"), { type: "file", accept: ".json,application/json", hidden: true, id: "restore-file", "aria-label": "Snapshot to restore" });
    file.addEventListener("change", () => app.attempt(async () => {
      const snapshot = await file.files[0].text();
      file.value = "";
      await call("POST", inSession("snapshot"), snapshot);
      app.say("Restored into session " + state.session);
      await documents();
    }));
    return el("div", "controls",
      app.button("New", () => edit(null), { id: "new-document", class: "primary" }),
      app.button("Snapshot", async () => app.download("snapshot-" + state.session + ".json", await call("GET", inSession("snapshot"), undefined, { text: true }), "application/json"), { id: "snapshot", title: "Download the state of this session, all contracts" }),
      app.button("Restore", () => file.click(), { id: "restore", title: "Put a snapshot back, as it is" }), file,
      app.button("Samples", async () => {
        const sure = await app.choose("Bring the samples back?", [el("p", "", "What session " + state.session + " has of " + state.contract + " is replaced by the sample data. The journal stays.")], [["yes", "Bring back", "primary"], ["", "Cancel"]]);
        if (sure !== "yes") return;
        await call("POST", "reset", { contract: state.contract, session: state.session, keepJournal: true });
        app.say("The sample data is back");
        await documents();
      }, { id: "seed", title: "Begin again with the sample data of this contract" }),
      app.button("Reset", async () => {
        const sure = await app.choose("Reset session " + state.session + "?", [el("p", "", "State and journal of every contract go back to the beginning, in this session.")], [["yes", "Reset", "danger"], ["", "Cancel"]]);
        if (sure !== "yes") return;
        await call("POST", "reset", { session: state.session });
        app.say("Session " + state.session + " is as at the start");
        await documents();
      }, { class: "danger", id: "reset", title: "State and journal of this session begin again" }));
  }

  function providerStates() {
    const states = app.contract().states;
    const fields = el("div", "fields"), about = set(el("p", "soft"), { id: "state-about" }), answer = set(el("div"), { id: "state-answer", role: "status" });
    const pick = app.select(states.map((s) => [s.name, s.name]), states[0]?.name, { "aria-label": "Provider state", id: "state-name", "aria-describedby": "state-about" });
    const inputs = new Map();
    const fill = () => {
      const s = states.find((x) => x.name === pick.value);
      inputs.clear();
      page.put(about, s.title || "");
      fields.replaceChildren();
      for (const name of Object.keys(s.params || {}).sort()) {
        const p = s.params[name];
        const field = p.enum?.length ? app.select(p.enum, p.default) : name === "operation" ? app.select(app.contract().operations.map((o) => o.id)) : app.input(p.default || "");
        inputs.set(name, field);
        fields.append(app.labelled(name, field));
      }
    };
    const send = (action) => async () => {
      const params = {};
      for (const [name, field] of inputs) if (field.value !== "") params[name] = field.value;
      const values = await call("POST", inSession("provider-states"), { contract: state.contract, state: pick.value, params, action });
      const json = JSON.stringify(values);
      answer.replaceChildren(el("p", "", action === "setup" ? "Set up. The scenario needs these values:" : "Taken away."), action === "setup" ? page.code(page.body(json), json, "the values") : "");
      await documents();
    };
    pick.addEventListener("change", fill);
    if (!states.length) return "";
    fill();
    return app.section("Provider states", "stack", el("p", "soft", "A named state prepares what a scenario needs, and answers with its values."), about, el("div", "controls", pick, app.button("Set up", send("setup"), { class: "primary", id: "state-setup" }), app.button("Take away", send("teardown"), { id: "state-teardown" })), fields, answer);
  }

  async function documents() {
    const { resources } = await call("GET", inSession(where()));
    if (!resources.some((r) => r.resource === resource)) { resource = resources[0]?.resource || ""; offset = 0; }
    const tabs = set(el("nav", "tabs"), { "aria-label": "Resources" });
    for (const r of resources) tabs.append(set(el("a", "", r.resource, " ", el("span", "soft", app.count.format(r.documents))), { href: app.address("state", r.resource), "aria-current": r.resource === resource ? "true" : null }));
    const holder = root.querySelector("#documents");
    if (!resource) { holder?.replaceChildren(app.empty("This contract keeps no state.", el("p", "soft", "Its answers come from examples and from the schema."))); return; }
    const q = "offset=" + offset + "&limit=" + size + (text ? "&text=" + part(text) : "");
    const { documents: list, total } = await call("GET", inSession(where(resource) + "?" + q));
    if (!list.length && offset) { offset = 0; return documents(); }
    root.querySelector("#resources")?.replaceChildren(tabs);
    holder?.replaceChildren(table(list), pages(total));
  }

  // edit opens the editor; the key of the open document is in the address.
  async function edit(d) {
    if (editing) return;
    editing = true;
    try {
      const saved = await app.edit({ resource, document: d, where });
      if (saved) app.say(saved);
    } finally {
      editing = false;
      if (app.here().parts[2] !== undefined && app.here().parts[0] === "state") history.replaceState(null, "", app.address("state", resource));
    }
    await documents();
    const back = d ? [...root.querySelectorAll("#documents a")].find((a) => a.textContent === page.plain(d.key)) : null;
    (back || root.querySelector("#new-document"))?.focus();
  }

  async function find(key) {
    const answer = await call("GET", inSession(where(resource) + "?text=" + part(key)));
    return answer.documents.find((d) => d.key === key);
  }

  function build() {
    const search = app.input(text, { type: "search", id: "search-documents", placeholder: "Search keys, owners, documents", "aria-label": "Search documents" });
    let late;
    search.addEventListener("input", () => { clearTimeout(late); late = setTimeout(() => { text = search.value.trim(); offset = 0; app.attempt(documents); }, 250); });
    root.replaceChildren(el("div", "stack", app.section("State of session " + state.session, "stack", tools(), set(el("div"), { id: "resources" }), search, set(el("div", "stack"), { id: "documents" })), providerStates()));
  }

  return {
    name: "state", title: "State", scoped: true,
    key(key) { if (key === "/") { document.getElementById("search-documents")?.focus(); return true; } return false; },
    async show(main, [name, key]) {
      root = main;
      if (name && name !== resource) { resource = name; offset = 0; text = ""; }
      build();
      await documents();
      if (!key || resource !== name) return;
      const d = await find(key);
      if (d) app.attempt(() => edit(d)); else app.say("There is no " + name + " " + key + " in session " + state.session + " (any more)", true);
    },
  };
})());
