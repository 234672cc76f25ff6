// Faults: which are in force, and a form to arm more.

app.view((() => {
  const { el } = page;
  const { set, call, part, state } = app;
  let root;

  function scope(f) {
    return [f.contract || "any contract", f.operation || "any operation", f.session ? "session " + f.session : "any session"].join(", ");
  }

  function when(f) {
    return [f.call ? "call " + f.call : "", f.every ? "every " + f.every + "th call" : "", f.probability ? Math.round(f.probability * 100) + " %" : ""].filter(Boolean).join(", ") || "always";
  }

  function inForce(active) {
    if (!active.length) return el("p", "empty", "No fault is in force: the mock behaves as the contract says.");
    const rows = active.map((f) => el("tr", "", el("td", "mono", f.id), el("td", "", el("strong", "", f.fault), " ", Object.entries(f.params || {}).map(([n, v]) => n + "=" + v).join(" ")), el("td", "", scope(f)), el("td", "", when(f)),
      el("td", "", app.button("Disarm", async () => { await call("DELETE", "faults/" + part(f.id)); app.say("Disarmed " + f.fault); await show(); }, { "aria-label": "Disarm " + f.fault + " " + f.id }))));
    return el("div", "scroll", el("table", "", el("thead", "", el("tr", "", ...["Id", "Fault", "Where", "When", ""].map((t) => set(el("th", "", t), { scope: "col" })))), el("tbody", "", ...rows)));
  }

  function form(available) {
    const kinds = { wire: "on the wire", message: "in the message", behaviour: "in the behaviour" };
    const pick = app.select(available.map((f) => [f.name, f.name + " (" + (kinds[f.kind] || f.kind) + ")"]), available[0].name, { id: "fault-name" });
    const operation = app.select([["", "any"], ...app.contract().operations.map((o) => o.id)], "", { id: "fault-operation" });
    const session = app.input(state.session, { placeholder: "any", list: "sessions", id: "fault-session" });
    const one = app.input("", { type: "number", min: 0, placeholder: "every call", id: "fault-call" });
    const every = app.input("", { type: "number", min: 0, placeholder: "1", id: "fault-every" });
    const chance = app.input("", { type: "number", min: 0, max: 100, placeholder: "100", id: "fault-chance" });
    const fields = el("div", "fields"), title = el("p", "soft"), params = new Map();
    const fill = () => {
      const f = available.find((x) => x.name === pick.value);
      title.replaceChildren(f.title);
      params.clear();
      fields.replaceChildren(...f.params.map((p) => { const field = app.input(p.default, { "data-param": p.name }); params.set(p.name, field); return app.labelled(p.title || p.name, field); }));
    };
    pick.addEventListener("change", fill);
    fill();
    const arm = app.button("Arm", async () => {
      const f = { fault: pick.value, contract: state.contract, params: {} };
      if (operation.value) f.operation = operation.value;
      if (session.value.trim()) f.session = session.value.trim();
      if (Number(one.value)) f.call = Number(one.value);
      if (Number(every.value)) f.every = Number(every.value);
      if (Number(chance.value)) f.probability = Number(chance.value) / 100;
      for (const [name, field] of params) if (field.value !== "") f.params[name] = field.value;
      await call("POST", "faults", f);
      app.say("Armed " + f.fault);
      await show();
    }, { class: "primary", id: "fault-arm" });
    return set(el("section", "card stack", el("h2", "", "Arm a fault"), el("div", "fields", app.labelled("Fault", pick), app.labelled("Operation", operation), app.labelled("Session (empty: any)", session),
      app.labelled("Only call number", one), app.labelled("Each n-th call", every), app.labelled("Probability in %", chance)), title, fields, el("p", "controls", arm)), { "aria-label": "Arm a fault" });
  }

  async function show() {
    const { active, available } = await call("GET", "faults");
    root.replaceChildren(el("div", "stack", set(el("section", "card", el("h2", "", "Faults in force"), inForce(active),
      active.length ? el("p", "controls", app.button("Disarm all", async () => { await call("DELETE", "faults"); await show(); }, { class: "danger", id: "disarm-all" })) : ""), { "aria-label": "Faults in force" }), form(available)));
  }

  return { name: "faults", title: "Faults", async show(main) { root = main; await show(); } };
})());
