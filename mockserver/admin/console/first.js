// The first step with a contract: a call that works as it is.

app.first = (() => {
  const { el, code } = page;
  const { set, call, part } = app;

  // example finds a request of an operation that leaves everything as it was, else any.
  async function example(c) {
    const order = [...c.operations].sort((a, b) => (a.method === "GET" ? 0 : 1) - (b.method === "GET" ? 0 : 1) || (a.evidence === "complete" ? 0 : 1) - (b.evidence === "complete" ? 0 : 1));
    for (const o of order.slice(0, 5)) {
      const op = await call("GET", "contracts/" + part(c.name) + "/operations/" + part(o.id));
      const good = op.examples.filter((x) => x.request && !x.request.invalid), answered = good.filter((x) => x.response && x.response.status < 300 && !x.response.invalid);
      const [e] = answered.length ? answered : good;
      if (e) return [o, e.request, e.identity];
    }
    return null;
  }

  return async function first(c) {
    const box = set(el("section", "card first"), { "aria-label": "A first call of " + (c.title || c.name) });
    const found = await example(c);
    if (!found) return box;
    const [o, r, identity] = found;
    const trial = { contract: c.name, operation: o.id, identity: identity || "default", path: r.path || {}, query: r.query || {}, headers: r.headers || {}, mediaType: r.mediaType || "", body: r.body || "" };
    const curl = (await call("POST", "try/curl", trial, { text: true })).trimEnd();
    box.append(el("div", "controls", el("h2", "", c.title || c.name), el("span", "soft", o.id), app.button("Send it", async () => { await call("POST", "try", trial); }, { class: "primary" })), code(el("pre", "", curl), curl, "the call of " + o.id));
    return box;
  };
})();
