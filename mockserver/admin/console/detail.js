// One request: both messages, what was decided and why, what it changed.

app.detail = (() => {
  const { el, body, code } = page;
  const { set, call, part, facts } = app;
  const stations = ["route", "authenticate", "limit", "decode", "validate", "decide", "respond"];

  function badge(text, className) { return el("span", "badge " + className, text); }

  function way(r) {
    const at = stations.indexOf(r.decision.stage), refused = Boolean(r.decision.reason);
    const ol = set(el("ol", "way"), { "aria-label": "The way of the request" });
    stations.forEach((name, i) => {
      const passed = i < at || (i === at && !refused) || (!refused && i > at);
      const stop = refused && i === at;
      ol.append(el("li", stop ? "stop" : passed ? "" : "never", name, el("span", "only-heard", stop ? ": refused here" : passed ? ": passed" : ": not reached")));
    });
    return ol;
  }

  // violations lists what the schema found; a path leads to its mark in the body.
  function violations(list) {
    const ul = el("ul", "findings");
    for (const v of list) {
      const where = app.button(v.path || "the body", () => page.point(document.querySelector("[data-message=Request]"), v.path || "line " + v.line) || app.say("The body does not show " + (v.path || "it")), { class: "link mono", title: "Show it in the body" });
      ul.append(el("li", "", where, " ", badge(v.kind, v.soft ? "warned" : "failed"), " ",
        v.expected ? "expected " + v.expected + ", " : "", v.actual ? "found " + v.actual : "", v.soft ? " (reported, not refused)" : "",
        v.schema || v.line ? el("div", "soft", [v.line ? "line " + v.line : "", v.schema].filter(Boolean).join(" · ")) : ""));
    }
    return ul;
  }

  function changes(r) {
    return r.decision.changes.map((c) => {
      const gone = c.kind === "delete";
      const label = el("p", "", badge(gone ? "deleted" : c.new ? "new" : "changed", gone ? "failed" : "passed"), " ",
        gone ? el("code", "", c.resource + " " + c.key) : set(el("a", "mono", c.resource + " " + c.key), { href: stateOf(r, c), title: "Open it in the state" }));
      // A document that came or went as a whole is printed like a body.
      const whole = c.fields?.length === 1 && !c.fields[0].path && !(c.fields[0].before && c.fields[0].after);
      if (whole) {
        const pre = body(c.fields[0].after || c.fields[0].before);
        pre.classList.add(c.fields[0].after ? "wanted" : "found");
        return el("div", "", label, el("p", "soft", c.fields[0].after ? "before: nothing; after:" : "before; after: nothing"), el("div", "diffed", code(pre, c.fields[0].after || c.fields[0].before, "the document " + c.key)));
      }
      const dl = el("dl", "diff");
      for (const f of c.fields || []) {
        const dd = el("dd");
        if (f.before) dd.append(el("span", "found", "− " + f.before), "\n");
        if (f.after) dd.append(el("span", "wanted", "+ " + f.after));
        dl.append(el("dt", "", f.path || "(all)"), dd);
      }
      return el("div", "", label, dl.children.length ? dl : el("p", "soft", "Nothing in it is different."));
    });
  }

  function stateOf(r, c) {
    const q = new URLSearchParams();
    if (app.state.contracts.length > 1) q.set("contract", r.contract);
    if (r.session !== "default") q.set("session", r.session);
    return app.written(["state", c.resource, c.key], q);
  }

  function message(title, m, paths, lines) {
    const headers = el("details", "", el("summary", "", app.counted(m.headers.length, "header")), el("pre", "mono inside", m.headers.map((h) => h.name + ": " + h.value).join("\n")));
    const node = set(el("section", "card", el("h3", "", title, " ", el("span", "soft size", m.size ? app.bytes(m.size) : "")), headers), { "aria-label": title, "data-message": title });
    const name = "the body of the " + title.toLowerCase();
    if (m.binary) node.append(el("p", "soft", "The body is not text. It begins with:"), code(el("pre", "", m.dump), m.dump, name));
    else if (m.body) node.append(code(body(m.body, paths, { lines, cut: m.cut }), m.body, name));
    else if (m.size) node.append(el("p", "soft", "The body had to make room for newer ones. It had " + app.bytes(m.size) + "."));
    else node.append(el("p", "soft", "No body."));
    if (m.cut && (m.body || m.binary)) node.append(el("p", "soft", "Only its beginning is kept: the whole body has " + app.bytes(m.size) + "."));
    return node;
  }

  // why gives the decision as facts, with the clause of the contract beside it.
  async function why(r) {
    const d = r.decision;
    let operation = null, near = [];
    if (r.operation) operation = await call("GET", "contracts/" + part(r.contract) + "/operations/" + part(r.operation)).catch(() => null);
    else near = (await call("GET", "requests/unmatched?after=" + (r.id - 1)).catch(() => ({ requests: [] }))).requests.find((u) => u.request.id === r.id)?.nearMisses || [];
    const ends = [...new Set([d.outcome, ...(d.items || [])].filter(Boolean))];
    const named = (ref) => { const o = operation?.outcomes.find((o) => o.outcome === ref); return [el("code", "", ref), o ? " " + o.title : ""]; };
    const rule = operation?.rules.find((x) => x.id === d.rule);
    const contract = new URLSearchParams(app.state.contracts.length > 1 ? { contract: r.contract } : {});
    const section = set(el("section", "card", el("h3", "", "What was decided, and why"), way(r)), { "aria-label": "Decision" });
    if (r.internal) section.append(el("p", "wrong", "The mock itself failed: " + r.internal));
    section.append(facts([
      ["Route", r.operation ? [operation ? set(el("a", "", r.contract + " " + r.operation), { href: app.written(["contract", r.operation], contract) }) : r.contract + " " + r.operation] : "no operation takes it"],
      ["Almost", near.map((n) => el("div", "", el("code", "", n.method + " " + n.path), ": " + n.why))],
      ["Credentials", r.identity ? "identity " + r.identity : d.reason === "bad-credentials" ? "not known" : d.reason === "unauthenticated" ? "none" : ""],
      ["Outcome", ends.map((ref) => el("div", "", ...named(ref)))],
      ["Refused because", d.reason],
      ["Rule", d.rule ? [el("code", "", d.rule), rule ? el("div", "soft mono", rule.when) : ""] : ""],
      ["Clause", d.clause || rule?.clause],
      ["Basis", [d.basis || rule?.basis, rule?.source].filter(Boolean).join(", ")],
      ["Detail", d.violations.length > 1 ? "" : d.detail],
      ["Data from", d.source],
      ["Preferences", (d.preferences || []).join(", ")],
      ["Faults in force", (d.faults || []).join(", ")],
      ["Notes", (d.notes || []).map((n) => el("div", "", n))],
      ["Session", r.session],
      ["Took", app.took(r.durationMs) + " on " + new Date(r.time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" })],
    ]));
    if (d.violations.length) section.append(el("h4", "", app.counted(d.violations.length, "finding") + " in the request"), violations(d.violations));
    return section;
  }

  function title(status, tone, method, url) {
    return set(el("h2", "", el("span", "status " + tone, status ? String(status) : "no answer"), " " + method + " ", el("span", "mono", url)), { tabindex: -1 });
  }

  // gone is what is left of a request that the journal let go.
  function gone(id, close, row) {
    return set(el("article", "detail", el("header", "", row ? title(row.status, "", row.method, row.url) : set(el("h2", "", "Request " + id), { tabindex: -1 }), app.button("Close", close, { "aria-keyshortcuts": "Escape" })),
      el("section", "card", app.empty("The journal holds this request no more.", el("p", "soft", "It keeps the newest requests of each session. Pause does not hold them; a HAR file or a saved scenario does."),
        row ? facts([["Operation", row.operation], ["Outcome", row.outcome], ["Rule", row.rule], ["Session", row.session], ["Took", app.took(row.durationMs)]]) : ""))), { "aria-label": "Request " + id, "data-id": id });
  }

  return async function detail(id, close, row) {
    let r;
    try { r = await call("GET", "requests/" + part(id)); } catch (e) { if (e.status === 404) return gone(id, close, row); throw e; }
    const curl = (await call("GET", "requests/" + part(id) + "/curl", undefined, { text: true })).trimEnd();
    const paths = r.decision.violations.map((v) => v.path), lines = r.decision.violations.filter((v) => !v.path && v.line).map((v) => v.line);
    const save = app.button("Save as scenario", async () => {
      const text = await call("GET", "requests/" + part(id) + "/scenario", undefined, { text: true });
      app.download("saved-" + id + ".yaml", text, "application/yaml");
      app.say("Saved as saved-" + id + ".yaml. Run it with: roadworthy test " + (r.contract || "CONTRACT") + " --scenarios FOLDER --target URL");
    }, { id: "save", title: "A file that roadworthy test passes as it is" });
    const copy = app.button("Copy curl", async () => app.say(await page.copy(curl) ? "The curl line is copied" : "The browser does not allow to copy", false), { id: "copy-curl", "aria-keyshortcuts": "c" });
    const tone = r.internal || r.response.status >= 500 || !r.response.status ? "s5" : r.decision.refused ? "s4" : "s2";
    const head = el("header", "", title(r.response.status, tone, r.request.method, r.request.url), el("div", "controls", copy, save, app.button("Close", close, { "aria-keyshortcuts": "Escape" })));
    const node = set(el("article", "detail", head, await why(r)), { "aria-label": "Request " + id, "data-id": id });
    if (r.decision.changes.length) node.append(set(el("section", "card", el("h3", "", "State before and after"), ...changes(r)), { "aria-label": "State before and after" }));
    node.append(message("Request", r.request, paths, lines), message("Response", r.response, [], []),
      set(el("section", "card", el("h3", "", "Repeat it"), code(el("pre", "", curl), curl, "the curl command")), { "aria-label": "Curl command" }));
    return node;
  };
})();
