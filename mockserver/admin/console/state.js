// The state of a session: documents as tables, provider states, snapshots.

app.view((() => {
  const { el } = page;
  const { set, call, part, inSession, state } = app;
  let root, resource = "";

  function where(...more) { return "state/" + [state.contract, ...more].map(part).join("/"); }

  // columns are the members with a simple value, in the order in which they come.
  function columns(documents) {
    const names = new Map();
    for (const d of documents.slice(0, 200)) {
      if (!d.body || typeof d.body !== "object" || Array.isArray(d.body)) continue;
      for (const [name, v] of Object.entries(d.body)) if (v === null || typeof v !== "object") names.set(name, (names.get(name) || 0) + 1);
    }
    return [...names].sort((a, b) => b[1] - a[1]).slice(0, 5).map(([name]) => name);
  }

  function brief(v) { const s = v === undefined ? "" : typeof v === "string" ? v : JSON.stringify(v); return s.length > 60 ? s.slice(0, 60) + "…" : s; }

  function table(documents) {
    if (!documents.length) return el("p", "empty", "There is no " + resource + " in this session.");
    const names = columns(documents);
    const head = el("tr", "", ...["key", "owner", ...names, "revision"].map((n) => set(el("th", n === "revision" ? "number" : "", n), { scope: "col" })));
    const rows = documents.slice(0, 500).map((d) => {
      const open = app.button(d.key, () => edit(d), { "aria-label": "Open " + resource + " " + d.key });
      const sample = !d.owner ? el("span", "soft", "sample") : d.owner;
      return el("tr", "", el("td", "mono", open), el("td", "", sample), ...names.map((n) => el("td", "", brief(d.body?.[n]))), el("td", "number", String(d.rev)));
    });
    const t = el("table", "", set(el("caption", "only-heard", resource), {}), el("thead", "", head), el("tbody", "", ...rows));
    return el("div", "scroll", t, documents.length > 500 ? el("p", "soft", "The first 500 of " + app.count.format(documents.length) + ".") : "");
  }

  // check says what is wrong with a text that should be JSON; "" when nothing is.
  function check(text) {
    try {
      const v = JSON.parse(text);
      return v && typeof v === "object" && !Array.isArray(v) ? "" : "Expected a JSON object.";
    } catch (e) { return e.message; }
  }

  function edit(d) {
    const fresh = !d;
    const key = app.input(d?.key ?? "", { "aria-label": "Key", id: "edit-key", ...(fresh ? {} : { readonly: true }) });
    const owner = app.input(d?.owner ?? "", { "aria-label": "Owner", id: "edit-owner", placeholder: "company; empty is sample data" });
    const text = set(el("textarea"), { "aria-label": "Document", spellcheck: "false", id: "edit-text", rows: 18, "aria-describedby": "edit-wrong" });
    text.value = JSON.stringify(d?.body ?? {}, null, 2);
    const wrong = set(el("p", "wrong"), { id: "edit-wrong", role: "alert" });
    const dialog = set(el("dialog"), { "aria-label": fresh ? "New " + resource : resource + " " + d.key });
    const save = app.button("Save", async () => {
      try {
        await call("PUT", inSession(where(resource, key.value) + "?owner=" + part(owner.value)), text.value);
      } catch (e) { wrong.textContent = e.message; return; }
      dialog.close();
      app.say("Saved " + resource + " " + key.value);
      await show();
    }, { class: "primary", id: "edit-save" });
    const remove = fresh ? "" : app.button("Delete", async () => {
      await call("DELETE", inSession(where(resource, d.key)));
      dialog.close();
      app.say("Deleted " + resource + " " + d.key);
      await show();
    }, { class: "danger", id: "edit-delete" });
    const judge = () => {
      const problem = check(text.value) || (key.value.trim() ? "" : "A document needs a key.");
      wrong.textContent = problem;
      save.disabled = Boolean(problem);
      set(text, { "aria-invalid": Boolean(check(text.value)) });
    };
    text.addEventListener("input", judge);
    key.addEventListener("input", judge);
    judge();
    if (fresh) wrong.textContent = "";
    dialog.append(el("div", "stack", el("h2", "", fresh ? "New " + resource : resource + " " + d.key), app.labelled("Key", key), app.labelled("Owner", owner), text, wrong,
      el("p", "controls", save, remove, app.button("Cancel", () => dialog.close()))));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function tools() {
    const file = set(el("input"), { type: "file", accept: ".json,application/json", hidden: true, id: "restore-file" });
    file.addEventListener("change", () => app.attempt(async () => {
      await call("POST", inSession("snapshot"), await file.files[0].text());
      file.value = "";
      app.say("Restored into session " + state.session);
      await show();
    }));
    return el("div", "controls",
      app.button("New", () => edit(null), { id: "new-document" }),
      app.button("Snapshot", async () => app.download("snapshot-" + state.session + ".json", await call("GET", inSession("snapshot"), undefined, { text: true }), "application/json"), { id: "snapshot" }),
      app.button("Restore", () => file.click(), { id: "restore" }), file,
      app.button("Seed again", async () => { await call("POST", "reset", { contract: state.contract, session: state.session, keepJournal: true }); app.say("The sample data is back"); await show(); }, { id: "seed" }),
      app.button("Reset", async () => {
        const sure = await app.choose("Reset session " + state.session + "?", [el("p", "", "State and journal of every contract go back to the beginning, in this session.")], [["yes", "Reset", "danger"], ["", "Cancel"]]);
        if (sure !== "yes") return;
        await call("POST", "reset", { session: state.session });
        app.say("Session " + state.session + " is as at the start");
        await show();
      }, { class: "danger", id: "reset" }));
  }

  function providerStates() {
    const states = app.contract().states;
    const fields = el("div", "fields"), answer = set(el("div"), { id: "state-answer", role: "status" });
    const pick = app.select(states.map((s) => [s.name, s.name]), states[0]?.name, { "aria-label": "Provider state", id: "state-name" });
    const inputs = new Map();
    const fill = () => {
      const s = states.find((x) => x.name === pick.value);
      inputs.clear();
      fields.replaceChildren(el("p", "soft", s.title || ""));
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
      answer.replaceChildren(el("p", "", action === "setup" ? "Set up. Values that the scenario needs:" : "Taken away."), action === "setup" ? page.code(page.body(JSON.stringify(values)), JSON.stringify(values), "the values") : "");
      await documents();
    };
    pick.addEventListener("change", fill);
    if (states.length) fill();
    return set(el("section", "card stack", el("h2", "", "Provider states"), el("div", "controls", pick, app.button("Set up", send("setup"), { class: "primary", id: "state-setup" }), app.button("Take away", send("teardown"))), fields, answer), { "aria-label": "Provider states" });
  }

  async function documents() {
    const { resources } = await call("GET", inSession(where()));
    if (!resources.some((r) => r.resource === resource)) resource = resources[0]?.resource || "";
    const tabs = set(el("nav", "controls"), { "aria-label": "Resources" });
    for (const r of resources) tabs.append(set(el("a", "badge" + (r.resource === resource ? " passed" : ""), r.resource + " " + app.count.format(r.documents)), { href: app.address("state", r.resource), "aria-current": r.resource === resource ? "true" : null }));
    const list = resource ? (await call("GET", inSession(where(resource)))).documents : [];
    root.querySelector("#documents")?.replaceChildren(tabs, resource ? table(list) : el("p", "empty", "This contract keeps no state."));
  }

  async function show() {
    root.replaceChildren(el("div", "stack", set(el("section", "card stack", el("h2", "", "State of session " + state.session), tools(), set(el("div", "stack"), { id: "documents" })), { "aria-label": "State" }), providerStates()));
    await documents();
  }

  return { name: "state", title: "State", async show(main, [name]) { root = main; if (name) resource = name; await show(); } };
})());
