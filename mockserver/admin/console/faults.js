// Faults: which are in force, and a form to arm more.

app.view((() => {
  const { el } = page;
  const { set, call, part, state } = app;
  const kinds = { wire: "On the wire", message: "In the message", behaviour: "In the behaviour" };
  let root;

  function ordinal(n) { return n + (n % 100 >= 11 && n % 100 <= 13 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] || "th"); }

  function scope(f) {
    return [f.operation || "every operation", f.contract ? "of " + f.contract : "of every contract", f.session ? "in session " + f.session : "in every session"].join(" ");
  }

  function when(f) {
    return [f.call ? "the " + ordinal(f.call) + " call" : f.every > 1 ? "every " + ordinal(f.every) + " call" : "every call", f.probability ? "with a chance of " + Math.round(f.probability * 100) + " %" : ""].filter(Boolean).join(", ");
  }

  function params(f) { return Object.entries(f.params || {}).filter(([, v]) => v !== "").map(([n, v]) => n + " " + v).join(", "); }

  function inForce(active, available) {
    if (!active.length) return app.empty("No fault is in force.", el("p", "soft", "The mock behaves as the contract says. Arm one below to see what your client makes of a slow, broken or wrong answer."));
    const rows = active.map((f) => el("tr", f.over ? "soft" : "", el("td", "", el("strong", "", f.fault), " ", el("span", "soft", params(f)), el("div", "soft", available.find((a) => a.name === f.fault)?.title || "")),
      el("td", "", scope(f)), el("td", "", when(f)), el("td", "", f.over ? "over, " : "", "hit " + app.count.format(f.hits) + " of " + app.counted(f.calls, "call")),
      el("td", "", app.button(f.over ? "Remove" : "Disarm", async () => { await call("DELETE", "faults/" + part(f.id)); app.say(f.over ? "Removed" : "Disarmed " + f.fault); await refresh(); }, { "aria-label": (f.over ? "Remove " : "Disarm ") + f.fault + " " + f.id }))));
    return set(el("div", "scroll", el("table", "", app.head("Fault", "Where", "When", "So far", ""), el("tbody", "", ...rows))), { tabindex: 0, role: "region", "aria-label": "Faults, table" });
  }

  function form(available) {
    const pick = set(el("select"), { id: "fault-name" });
    for (const kind of Object.keys(kinds)) {
      const group = set(el("optgroup"), { label: kinds[kind] });
      for (const f of available.filter((a) => a.kind === kind)) { const o = el("option", "", f.name); o.value = f.name; group.append(o); }
      if (group.children.length) pick.append(group);
    }
    pick.value = available[0].name;
    const contract = app.select([["", "every contract"], ...state.contracts.map((c) => [c.name, c.title || c.name])], state.contract, { id: "fault-contract" });
    const operation = set(el("select"), { id: "fault-operation" });
    const session = app.input(state.session, { placeholder: "every session", list: "sessions", id: "fault-session" });
    const rhythm = app.select([["", "every call"], ["call", "only one call"], ["every", "each n-th call"]], "", { id: "fault-rhythm" });
    const n = app.input("1", { type: "number", min: 1, id: "fault-n" });
    const chance = app.input("100", { type: "number", min: 0, max: 100, step: "any", id: "fault-chance" });
    const fields = el("div", "fields"), title = set(el("p"), { id: "fault-title" }), summary = set(el("p", "sentence"), { id: "fault-sentence", role: "status" }), values = new Map();
    const fault = () => {
      const f = { fault: pick.value, params: {} };
      if (contract.value) f.contract = contract.value;
      if (operation.value) f.operation = operation.value;
      if (session.value.trim()) f.session = session.value.trim();
      if (rhythm.value) f[rhythm.value] = Number(n.value);
      if (chance.value !== "" && Number(chance.value) !== 100) f.probability = Number(chance.value) / 100;
      for (const [name, field] of values) if (field.value !== "") f.params[name] = field.value;
      return f;
    };
    const say = () => {
      const f = fault(), a = available.find((x) => x.name === f.fault);
      n.parentElement.hidden = !rhythm.value;
      const text = when(f) + " of " + scope(f);
      page.put(summary, text[0].toUpperCase() + text.slice(1) + ": " + a.title[0].toLowerCase() + a.title.slice(1) + (params(f) ? " (" + params(f) + ")" : "") + ".");
    };
    const operations = () => {
      const of = state.contracts.filter((c) => !contract.value || c.name === contract.value).flatMap((c) => c.operations.map((o) => o.id));
      const before = of.includes(operation.value) ? operation.value : "";
      operation.replaceChildren(...app.select([["", "every operation"], ...[...new Set(of)].map((o) => [o, o])]).childNodes);
      operation.value = before;
    };
    const fill = () => {
      const f = available.find((x) => x.name === pick.value);
      title.textContent = f.title + ".";
      values.clear();
      fields.replaceChildren(...f.params.map((p) => { const field = app.input(p.default, { "data-param": p.name, placeholder: p.form === "duration" ? "such as 250ms or 2s" : "" }); values.set(p.name, field); return app.labelled(p.name, field, p.title); }));
      say();
    };
    const arm = app.button("Arm", async () => {
      const f = fault();
      if (f.probability <= 0) throw new Error("A chance of 0 % never hits: give a number above 0.");
      await call("POST", "faults", f);
      app.say("Armed " + f.fault);
      await refresh();
    }, { class: "primary", id: "fault-arm" });
    const node = app.section("Arm a fault", "stack",
      el("div", "questions",
        el("fieldset", "", el("legend", "", "What"), el("div", "fields", app.labelled("Fault", pick)), title, fields),
        el("fieldset", "", el("legend", "", "Where"), el("div", "fields", app.labelled("Contract", contract), app.labelled("Operation", operation), app.labelled("Session", session))),
        el("fieldset", "", el("legend", "", "When"), el("div", "fields", app.labelled("Calls", rhythm), app.labelled("Number", n, "counted from the moment of arming"), app.labelled("Chance in %", chance)))),
      summary, el("p", "controls", arm));
    operations();
    fill();
    pick.addEventListener("change", fill);
    contract.addEventListener("change", operations);
    node.addEventListener("input", say);
    return node;
  }

  async function refresh() {
    const { active, available } = await call("GET", "faults");
    root.querySelector("#in-force")?.replaceChildren(inForce(active, available),
      active.length > 1 ? el("p", "controls", app.button("Disarm all", async () => { await call("DELETE", "faults"); app.say("All faults are disarmed"); await refresh(); }, { class: "danger", id: "disarm-all" })) : "");
    return available;
  }

  return {
    name: "faults", title: "Faults", scoped: true,
    async show(main) {
      root = main;
      const holder = set(el("div"), { id: "in-force" });
      const { available } = await call("GET", "faults");
      root.replaceChildren(el("div", "stack", app.section("Faults in force", "", holder), form(available)));
      await refresh();
    },
  };
})());
