// Every documented outcome as a grid: what was seen, what leads to it, and a way there.

app.view((() => {
  const { el } = page;
  const { set, call, part, inSession, state } = app;
  let root;

  function cell(o) {
    const documented = o.basis === "documented" || o.basis === "corrected";
    const b = set(el("button", "cell" + (o.seen ? " seen" : "") + (documented ? "" : " inferred"), o.code), {
      type: "button", "data-outcome": o.operation + " " + o.outcome,
      "aria-label": o.outcome + ", " + o.title + ", " + (o.seen ? "seen " + app.count.format(o.seen) + (o.seen === 1 ? " time" : " times") : "not seen") + (documented ? "" : ", " + o.basis),
    });
    b.addEventListener("click", () => app.attempt(() => open(o)));
    return b;
  }

  async function arm(o) {
    await call("POST", "faults", { fault: "outcome", contract: state.contract, operation: o.operation, session: state.session, params: { code: o.outcome }, call: 1 });
    app.say("The next call of " + o.operation + " in session " + state.session + " ends in " + o.outcome);
  }

  async function prepare(o) {
    const values = await call("POST", inSession("provider-states"), { contract: state.contract, state: o.state, params: o.params || {}, action: "setup" });
    const text = JSON.stringify(values);
    await app.choose("The provider state " + o.state + " is set up", Object.keys(values).length ? [el("p", "", "The request must carry these values:"), page.code(page.body(text), text, "the values")] : [el("p", "", "The next call of " + o.operation + " meets it.")], [["", "Good"]]);
  }

  async function open(o) {
    const buttons = [];
    if (o.armable) buttons.push(["arm", "Arm for the next call", "primary"]);
    if (o.state) buttons.push(["state", "Set the provider state " + o.state]);
    buttons.push(["try", "Try the operation"], ["", "Close"]);
    const chosen = await app.choose(o.operation + ": " + o.outcome, [app.facts([
      ["Title", o.title], ["Meaning", o.meaning], ["HTTP status", String(o.status)], ["What leads to it", o.leadsTo],
      ["Basis", o.basis + ", " + o.source], ["In this session", o.seen ? "seen " + app.count.format(o.seen) + (o.seen === 1 ? " time" : " times") : "not seen"],
    ])], buttons);
    if (chosen === "arm") await arm(o);
    else if (chosen === "state") await prepare(o);
    else if (chosen === "try") app.go("contract", o.operation);
  }

  return {
    name: "outcomes", title: "Outcomes",
    async show(main) {
      root = main;
      const { outcomes } = await call("GET", inSession("contracts/" + part(state.contract) + "/outcomes"));
      const layers = ["http", "global", "item"].filter((l) => outcomes.some((o) => o.layer === l));
      const names = { http: "HTTP status", global: "Code of the answer", item: "Code of an item" };
      const head = el("tr", "", ...["Operation", ...layers.map((l) => names[l])].map((t) => set(el("th", "", t), { scope: "col" })));
      const body = el("tbody");
      for (const op of app.contract().operations) {
        const own = outcomes.filter((o) => o.operation === op.id);
        body.append(el("tr", "", set(el("th", "", set(el("a", "", op.id), { href: app.address("contract", op.id) })), { scope: "row" }),
          ...layers.map((l) => el("td", "", el("div", "cells", ...own.filter((o) => o.layer === l).map(cell))))));
      }
      const seen = outcomes.filter((o) => o.seen).length;
      root.replaceChildren(set(el("section", "card", el("h2", "", "Outcomes of " + (app.contract().title || state.contract)),
        el("p", "soft", app.count.format(seen) + " of " + app.count.format(outcomes.length) + " seen in session " + state.session + " (green, with a tick). A dotted edge marks what no document states. Open a cell to learn what leads to it."),
        el("div", "controls", app.button("Refresh", app.again)),
        el("div", "scroll", el("table", "matrix", el("thead", "", head), body))), { "aria-label": "Outcomes" }));
    },
  };
})());
