// The contract: operations with schemas, examples, rules, requirements and errata
// side by side with their sources, and a form that sends an example.

app.view((() => {
  const { el, body, code } = page;
  const { set, call, part, inSession, state } = app;
  let root, contract;

  function badge(basis) {
    const className = basis === "documented" ? "passed" : basis === "corrected" ? "warned" : basis === "generated" ? "waived" : "";
    return el("span", "badge " + className, basis);
  }

  // source writes where something comes from, with the name of the document.
  function source(text) {
    const s = contract.sources.find((x) => x.id === text || text.startsWith(x.id + ":"));
    return el("span", "soft", s ? text + " (" + s.title + ")" : text);
  }

  function lines(value) { return Object.entries(value || {}).map(([n, v]) => n + ": " + v).join("\n"); }
  function pairs(text) {
    const all = {};
    for (const line of text.split("\n")) {
      const at = line.indexOf(":");
      if (at > 0) all[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
    return all;
  }

  function tryIt(op) {
    const examples = op.examples.filter((e) => e.request);
    const pick = app.select(examples.map((e) => [e.name, e.name + " (" + e.basis + ")"]), examples[0]?.name, { id: "try-example" });
    const identities = [...contract.identities, "none"];
    const identity = app.select(identities, identities.includes("default") ? "default" : identities[0], { id: "try-identity" });
    const area = (label, id, rows) => { const t = set(el("textarea"), { id, rows, spellcheck: "false", "aria-label": label }); t.style.minHeight = "0"; return t; };
    const params = area("Path, one name: value per line", "try-path", 2), query = area("Query, one name: value per line", "try-query", 2), headers = area("Headers, one name: value per line", "try-headers", 2);
    const mediaType = app.input("", { id: "try-media" }), text = area("Body", "try-body", 12), result = set(el("div"), { id: "try-result", role: "region", "aria-label": "Answer" });
    const fill = () => {
      const e = examples.find((x) => x.name === pick.value)?.request || {};
      params.value = lines(e.path);
      query.value = lines(e.query);
      headers.value = lines(e.headers);
      mediaType.value = e.mediaType || op.bodies.find((b) => b.of === "request")?.mediaType || "";
      text.value = e.body || "";
      if (examples.find((x) => x.name === pick.value)?.identity) identity.value = examples.find((x) => x.name === pick.value).identity;
    };
    pick.addEventListener("change", fill);
    fill();
    for (const p of op.params) if (p.in === "path" && !pairs(params.value)[p.name]) params.value += (params.value ? "\n" : "") + p.name + ": " + (p.example || "");
    const send = app.button("Send", async () => {
      send.disabled = true;
      try {
        const r = await call("POST", inSession("try"), { contract: contract.name, operation: op.id, identity: identity.value, path: pairs(params.value), query: pairs(query.value), headers: pairs(headers.value), mediaType: mediaType.value, body: text.value });
        result.replaceChildren(await app.detail(r.id, () => result.replaceChildren()));
      } finally { send.disabled = false; }
    }, { class: "primary", id: "try-send" });
    const takesBody = op.bodies.some((b) => b.of === "request");
    return set(el("section", "card stack", el("h3", "", "Try it"), el("p", "soft", "Sent to this mock in session " + state.session + ", with the credentials of the identity."),
      el("div", "fields", examples.length ? app.labelled("Example", pick) : "", app.labelled("Identity", identity), takesBody ? app.labelled("Media type", mediaType) : ""),
      el("div", "fields", op.params.some((p) => p.in === "path") ? app.labelled("Path", params) : "", app.labelled("Query", query), app.labelled("Headers", headers)),
      takesBody ? text : "", el("p", "controls", send), result), { "aria-label": "Try it" });
  }

  function messageOf(title, m) {
    if (!m) return "";
    const meta = [m.status ? "HTTP " + m.status : "", m.mediaType, lines(m.path), lines(m.query), lines(m.headers)].filter(Boolean).join("\n");
    return el("div", "", el("h4", "", title), meta ? el("pre", "mono", meta) : "", m.invalid ? el("p", "wrong", "Kept as it was printed: " + m.invalid) : "", m.body ? code(body(m.body), m.body, title) : "");
  }

  function examples(op) {
    return set(el("section", "card", el("h3", "", "Examples"), ...op.examples.map((e) => el("details", "", el("summary", "", el("strong", "", e.name), badge(e.basis), el("span", "", e.title), e.erratum ? el("span", "badge warned", e.erratum) : ""),
      el("div", "inside", el("p", "", source(e.source), e.corrects ? " · corrects " + e.corrects : ""), el("div", "twin", messageOf("Request", e.request), messageOf("Response", e.response)))))), { "aria-label": "Examples" });
  }

  function schemas(op) {
    return set(el("section", "card", el("h3", "", "Schemas"), op.params.length ? el("div", "scroll", el("table", "", el("thead", "", el("tr", "", ...["Parameter", "In", "Required", "Example"].map((t) => set(el("th", "", t), { scope: "col" })))),
      el("tbody", "", ...op.params.map((p) => el("tr", "", el("td", "mono", p.name), el("td", "", p.in), el("td", "", p.required ? "yes" : "no"), el("td", "mono", p.example || "")))))) : "",
      ...op.bodies.map((b) => el("details", "", el("summary", "", el("strong", "", b.of === "request" ? "request" : "response " + b.of), el("span", "", b.mediaType), el("span", "soft", b.schema || "")), el("div", "inside", b.text ? code(body(b.text), b.text, "the schema") : el("p", "soft", "No schema."))))), { "aria-label": "Schemas" });
  }

  function rules(op) {
    if (!op.rules.length) return "";
    return set(el("section", "card scroll", el("h3", "", "Rules"), el("table", "", el("thead", "", el("tr", "", ...["Rule", "When", "Outcome", "Clause"].map((t) => set(el("th", "", t), { scope: "col" })))),
      el("tbody", "", ...op.rules.map((r) => el("tr", "", el("td", "mono", r.id + (r.perItem ? " (per item)" : "")), el("td", "mono", r.when), el("td", "mono", r.outcome), el("td", "", r.clause || "", " ", r.source ? source(r.source) : "")))))), { "aria-label": "Rules" });
  }

  function concerns(list, id) { return list.includes("*") || list.includes(id) || list.some((g) => g.endsWith("*") && id.startsWith(g.slice(0, -1))); }

  function requirements(list) {
    if (!list.length) return "";
    return set(el("section", "card scroll", el("h3", "", "Requirements"), el("table", "", el("thead", "", el("tr", "", ...["Id", "Level", "What", "Source"].map((t) => set(el("th", "", t), { scope: "col" })))),
      el("tbody", "", ...list.map((r) => el("tr", "", el("td", "mono", r.id), el("td", "", r.level), el("td", "", r.text, r.notTested ? el("div", "soft", "Not tested: " + r.notTested) : ""), el("td", "", badge(r.basis), " ", source(r.source))))))), { "aria-label": "Requirements" });
  }

  function errata(list) {
    if (!list.length) return "";
    return set(el("section", "card", el("h3", "", "Errata"), ...list.map((e) => el("details", "", el("summary", "", el("code", "", e.id), el("span", "", e.title)),
      el("div", "inside", el("div", "twin", ...e.says.map((s) => el("div", "", source(s.source), el("blockquote", "", s.text)))), app.facts([["Reading", e.reading], ["Why", e.why], ["Also accepted", e.accepts], ["Examples", e.examples.join(", ")]]))))), { "aria-label": "Errata" });
  }

  function overview() {
    return el("div", "", set(el("section", "card", el("h2", "", contract.title + " " + contract.version), el("p", "", contract.summary), app.facts([["Served at", contract.prefix], ["Documented path", contract.basePath || "/"], ["Origin", contract.origin], ["Digest", contract.digest], ["Identities", contract.identities.join(", ")]]),
      el("h3", "", "Sources"), el("ul", "", ...contract.sources.map((s) => el("li", "", el("code", "", s.id), " ", s.title, s.url ? el("div", "soft mono", s.url) : "", s.note ? el("div", "soft", s.note) : "")))), { "aria-label": "Contract" }),
      requirements(contract.requirements), errata(contract.errata));
  }

  async function operation(id) {
    const op = await call("GET", inSession("contracts/" + part(contract.name) + "/operations/" + part(id)));
    return el("div", "", el("section", "card", el("h2", "", op.method + " ", el("span", "mono", op.path)), el("p", "", el("strong", "", op.title), op.summary && op.summary !== op.title ? " · " + op.summary : ""),
      app.facts([["Id", el("code", "", op.id)], ["Covered by the sources", op.evidence], ["Source", op.source ? source(op.source) : ""], ["Credentials", op.security.map((s) => el("div", "", s.length ? s.join(" and ") : "none"))], ["Answers from", op.stateful ? "rules and state" : "examples and the schema"]])),
      tryIt(op), examples(op), schemas(op), rules(op), requirements(contract.requirements.filter((r) => concerns(r.operations, id))), errata(contract.errata.filter((e) => concerns(e.operations, id) || e.examples.some((x) => x.startsWith(id + "/")))));
  }

  return {
    name: "contract", title: "Contract",
    async show(main, [id]) {
      root = main;
      // A link from a request of another contract leads there.
      if (id && !app.contract().operations.some((o) => o.id === id)) {
        const other = state.contracts.find((c) => c.operations.some((o) => o.id === id));
        if (other) { state.contract = other.name; document.getElementById("contract").value = other.name; } else id = "";
      }
      contract = await call("GET", "contracts/" + part(state.contract));
      const nav = set(el("nav", "", set(el("a", "", "Overview"), { href: app.address("contract"), "aria-current": id ? null : "page" }),
        ...contract.operations.map((o) => set(el("a", "", o.id), { href: app.address("contract", o.id), "aria-current": o.id === id ? "page" : null }))), { "aria-label": "Operations" });
      const shown = id ? await operation(id) : overview();
      root.replaceChildren(el("div", "master", nav, shown));
      root.scrollTop = 0;
    },
  };
})());
