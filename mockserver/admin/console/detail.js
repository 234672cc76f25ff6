// One request: both messages, what was decided and why, what it changed.

app.detail = (() => {
  const { el, body, code } = page;
  const { set, call, part, facts, address } = app;
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

  function violations(list) {
    const ul = el("ul", "findings");
    for (const v of list) {
      ul.append(el("li", "", el("code", "", v.path || "the body"), " ", badge(v.kind, v.soft ? "warned" : "failed"), " ",
        v.expected ? "expected " + v.expected + ", " : "", v.actual ? "found " + v.actual : "", v.soft ? " (reported, not refused)" : "",
        v.schema ? el("span", "soft", " · " + v.schema) : "", v.line ? el("span", "soft", " · line " + v.line) : ""));
    }
    return ul;
  }

  function changes(list) {
    return list.map((c) => {
      const dl = el("dl", "diff"), label = el("p", "", badge(c.kind === "delete" ? "deleted" : c.new ? "new" : "changed", c.kind === "delete" ? "failed" : "passed"), " ", el("code", "", c.resource + " " + c.key));
      // A document that came or went as a whole is printed like a body.
      const whole = c.fields?.length === 1 && !c.fields[0].path && !(c.fields[0].before && c.fields[0].after);
      if (whole) {
        const pre = body(c.fields[0].after || c.fields[0].before);
        pre.classList.add(c.fields[0].after ? "wanted" : "found");
        return el("div", "", label, el("p", "soft", c.fields[0].after ? "before: nothing; after:" : "before; after: nothing"), el("div", "code diffed", pre));
      }
      for (const f of c.fields || []) {
        const dd = el("dd");
        if (f.before) dd.append(el("span", "found", "− " + f.before), "\n");
        if (f.after) dd.append(el("span", "wanted", "+ " + f.after));
        dl.append(el("dt", "", f.path || "(all)"), dd);
      }
      return el("div", "", label, dl);
    });
  }

  function message(title, m, paths) {
    const head = el("details", "", el("summary", "", app.count.format(m.headers.length) + (m.headers.length === 1 ? " header" : " headers")), el("pre", "mono", m.headers.map((h) => h.name + ": " + h.value).join("\n")));
    const part = set(el("section", "card", el("h3", "", title), head), { "aria-label": title });
    if (m.binary) part.append(el("p", "soft", "The body is not text."));
    else if (m.body) part.append(code(body(m.body, paths), m.body, "the body of the " + title.toLowerCase()));
    else part.append(el("p", "soft", "No body."));
    return part;
  }

  // why gives the decision as facts, with the clause of the contract beside it.
  async function why(r) {
    const d = r.decision;
    let operation = null, near = [];
    if (r.operation) operation = await call("GET", "contracts/" + part(r.contract) + "/operations/" + part(r.operation)).catch(() => null);
    else near = (await call("GET", "requests/unmatched?after=" + (r.id - 1)).catch(() => ({ requests: [] }))).requests.find((u) => u.request.id === r.id)?.nearMisses || [];
    const ends = [d.outcome, ...(d.items || [])].filter(Boolean);
    const named = (ref) => { const o = operation?.outcomes.find((o) => o.outcome === ref); return ref + (o ? ": " + o.title : ""); };
    const rule = operation?.rules.find((x) => x.id === d.rule);
    const section = set(el("section", "card", el("h3", "", "What was decided, and why"), way(r)), { "aria-label": "Decision" });
    if (r.internal) section.append(el("p", "wrong", "The mock itself failed: " + r.internal));
    section.append(facts([
      ["Route", r.operation ? [set(el("a", "", r.contract + " " + r.operation), { href: address("contract", r.operation) })] : "no operation takes it"],
      ["Almost", near.map((n) => el("div", "", n.method + " " + n.path + ": " + n.why))],
      ["Credentials", r.identity ? "identity " + r.identity : d.reason === "bad-credentials" ? "not known" : d.reason === "unauthenticated" ? "none" : ""],
      ["Outcome", ends.length ? [...new Set(ends)].map((ref) => el("div", "", named(ref))) : ""],
      ["Refused because", d.reason],
      ["Rule", d.rule ? [el("code", "", d.rule), rule ? el("div", "soft", rule.when) : ""] : ""],
      ["Clause", d.clause || rule?.clause],
      ["Basis", [d.basis || rule?.basis, rule?.source].filter(Boolean).join(", ")],
      ["Detail", d.detail],
      ["Data from", d.source],
      ["Preferences", (d.preferences || []).join(", ")],
      ["Faults in force", (d.faults || []).join(", ")],
      ["Notes", (d.notes || []).map((n) => el("div", "", n))],
      ["Session", r.session],
      ["Took", app.took(r.durationMs) + ", " + new Date(r.time).toLocaleString("en-GB")],
    ]));
    if (d.violations.length) section.append(el("h3", "", app.count.format(d.violations.length) + (d.violations.length === 1 ? " finding in the request" : " findings in the request")), violations(d.violations));
    return section;
  }

  return async function detail(id, close) {
    const r = await call("GET", "requests/" + part(id));
    const curl = (await call("GET", "requests/" + part(id) + "/curl", undefined, { text: true })).trimEnd();
    const paths = r.decision.violations.map((v) => v.path).filter((p) => p.startsWith("/"));
    const save = app.button("Save as scenario", async () => {
      const text = await call("GET", "requests/" + part(id) + "/scenario", undefined, { text: true });
      app.download("saved-" + id + ".yaml", text, "application/yaml");
      app.say("Saved as saved-" + id + ".yaml. Put it into the scenarios folder of the contract.");
    }, { id: "save" });
    const head = el("header", "", el("h2", "", el("span", app.statusClass(r.response.status), String(r.response.status)), " ", r.request.method + " ", el("span", "mono", r.request.url)), save, app.button("Close", close, { "aria-keyshortcuts": "Escape" }));
    const node = set(el("article", "detail", head, await why(r)), { "aria-label": "Request " + id });
    if (r.decision.changes.length) node.append(set(el("section", "card", el("h3", "", "State before and after"), ...changes(r.decision.changes)), { "aria-label": "State before and after" }));
    node.append(message("Request", r.request, paths), message("Response", r.response, []),
      set(el("section", "card", el("h3", "", "Repeat it"), code(el("pre", "", curl), curl, "the curl command")), { "aria-label": "Curl command" }));
    return node;
  };
})();
