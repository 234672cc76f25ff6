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
    return el("span", "soft", text, s ? el("div", "", s.title) : "");
  }

  function titled(title, ...content) { return set(el("section", "card", el("h3", "", title), ...content), { "aria-label": title }); }
  function wide(label, table) { return set(el("div", "scroll", table), { tabindex: 0, role: "region", "aria-label": label + ", table" }); }

  function messageOf(title, m) {
    if (!m) return "";
    const lines = (v) => Object.entries(v || {}).map(([n, x]) => n + ": " + x).join("\n");
    const meta = [m.status ? "HTTP " + m.status : "", m.mediaType, lines(m.path), lines(m.query), lines(m.headers)].filter(Boolean).join("\n");
    return el("div", "", el("h4", "", title), meta ? el("pre", "mono meta", meta) : "", m.invalid ? el("p", "wrong", "Kept as it was printed: " + m.invalid) : "", m.body ? code(body(m.body), m.body, title + " of the example") : "");
  }

  // opened builds what is inside a disclosure when it is opened.
  function opened(summary, inside) {
    const d = el("details", "", summary);
    d.addEventListener("toggle", () => { if (d.open) d.append(el("div", "inside", ...inside())); }, { once: true });
    return d;
  }

  function examples(op) {
    if (!op.examples.length) return "";
    return titled("Examples", ...op.examples.map((e) => opened(el("summary", "", el("strong", "", e.name), badge(e.basis), el("span", "", e.title), e.erratum ? el("span", "badge warned", e.erratum) : ""),
      () => [el("p", "", source(e.source), e.corrects ? " · corrects " + e.corrects : ""), el("div", "twin", messageOf("Request", e.request), messageOf("Response", e.response))])));
  }

  function schemas(op) {
    return titled("Schemas", op.params.length ? wide("Parameters", el("table", "", app.head("Parameter", "In", "Required", "Example"),
      el("tbody", "", ...op.params.map((p) => el("tr", "", el("td", "mono", p.name), el("td", "", p.in), el("td", "", p.required ? "yes" : "no"), el("td", "mono", p.example || "")))))) : "",
      ...op.bodies.map((b) => opened(el("summary", "", el("strong", "", b.of === "request" ? "request" : "response " + b.of), el("span", "", b.mediaType), el("span", "soft", b.schema || "")), () => [b.text ? code(body(b.text), b.text, "the schema of the " + (b.of === "request" ? "request" : "response " + b.of)) : el("p", "soft", "No schema.")])),
      op.params.length + op.bodies.length ? "" : el("p", "soft", "It takes no parameters and no body."));
  }

  function rules(op) {
    if (!op.rules.length) return "";
    return titled("Rules", wide("Rules", el("table", "", app.head("Rule", "When", "Outcome", "Clause and source"),
      el("tbody", "", ...op.rules.map((r) => el("tr", "", el("td", "mono", r.id, r.perItem ? el("div", "soft", "per item") : ""), el("td", "mono", r.when), el("td", "mono", r.outcome), el("td", "", r.clause || "", r.basis ? badge(r.basis) : "", " ", r.source ? source(r.source) : "")))))));
  }

  function concerns(list, id) { return list.includes("*") || list.includes(id) || list.some((g) => g.endsWith("*") && id.startsWith(g.slice(0, -1))); }

  function requirements(list) {
    if (!list.length) return "";
    return titled("Requirements", wide("Requirements", el("table", "", app.head("Id", "Level", "What", "Source"),
      el("tbody", "", ...list.map((r) => el("tr", "", el("td", "mono id", r.id), el("td", "", r.level), el("td", "", r.text, r.notTested ? el("div", "soft", "Not tested: " + r.notTested) : ""), el("td", "", badge(r.basis), " ", source(r.source))))))));
  }

  function errata(list) {
    if (!list.length) return "";
    return titled("Errata", ...list.map((e) => opened(el("summary", "", el("code", "", e.id), el("span", "", e.title)),
      () => [el("div", "twin", ...e.says.map((s) => el("div", "", source(s.source), el("blockquote", "", s.text)))), app.facts([["Reading", e.reading], ["Why", e.why], ["Also accepted", e.accepts], ["Examples", e.examples.join(", ")]])])));
  }

  function overview() {
    const link = (s) => /^https?:\/\//i.test(s.url) ? set(el("a", "mono", s.url), { href: s.url, rel: "noreferrer noopener", target: "_blank" }) : el("span", "soft mono", s.url);
    return el("div", "", set(el("section", "card", el("h2", "", (contract.title || contract.name) + " " + contract.version), contract.summary ? el("p", "", contract.summary) : "", app.facts([["Served at", el("code", "", contract.prefix)], ["Documented path", el("code", "", contract.basePath || "/")], ["Operations", app.count.format(contract.operations.length)], ["Identities", contract.identities.join(", ")], ["Origin", contract.origin], ["Digest", el("code", "soft", contract.digest)]]),
      contract.sources.length ? el("h3", "", "Sources") : "", contract.sources.length ? el("ul", "", ...contract.sources.map((s) => el("li", "", el("code", "", s.id), " ", s.title, s.url ? el("div", "", link(s)) : "", s.note ? el("div", "soft", s.note) : ""))) : ""), { "aria-label": "Contract" }),
      requirements(contract.requirements), errata(contract.errata));
  }

  async function operation(id) {
    const op = await call("GET", inSession("contracts/" + part(contract.name) + "/operations/" + part(id)));
    return el("div", "", el("section", "card", el("h2", "", op.method + " ", el("span", "mono", op.path)), op.title || op.summary ? el("p", "", el("strong", "", op.title), op.summary && op.summary !== op.title ? (op.title ? " · " : "") + op.summary : "") : "",
      app.facts([["Id", el("code", "", op.id)], ["Covered by the sources", op.evidence], ["Source", op.source ? source(op.source) : ""], ["Credentials", op.security.length ? op.security.map((s) => el("div", "", s.length ? s.join(" and ") : "none")) : "none"], ["Answers from", op.stateful ? "rules and state" : "examples and the schema"],
        ["Outcomes", set(el("a", "", app.counted(op.outcomes.length, "outcome") + ", " + app.count.format(op.outcomes.filter((o) => o.seen).length) + " seen"), { href: app.address("outcomes") })]])),
      app.tryIt(contract, op), examples(op), schemas(op), rules(op), requirements(contract.requirements.filter((r) => concerns(r.operations, id))), errata(contract.errata.filter((e) => concerns(e.operations, id) || e.examples.some((x) => x.startsWith(id + "/")))));
  }

  function menu(id) {
    const links = [set(el("a", "", "Overview"), { href: app.address("contract"), "aria-current": id ? null : "page" }),
      ...contract.operations.map((o) => set(el("a", "", el("span", "method", o.method), " ", el("span", "", o.id)), { href: app.address("contract", o.id), "aria-current": o.id === id ? "page" : null, title: o.method + " " + o.path + (o.title ? ": " + o.title : "") }))];
    const nav = set(el("nav", "", ...links), { "aria-label": "Operations" });
    if (contract.operations.length < 12) return nav;
    const search = app.input("", { type: "search", id: "search-operations", placeholder: "Find an operation", "aria-label": "Find an operation" });
    search.addEventListener("input", () => {
      const text = search.value.trim().toLowerCase();
      contract.operations.forEach((o, i) => { links[i + 1].hidden = !(o.id + " " + o.method + " " + o.path + " " + o.title).toLowerCase().includes(text); });
    });
    nav.prepend(search);
    return nav;
  }

  return {
    name: "contract", title: "Contract", scoped: true,
    key(key) { if (key === "/") { document.getElementById("search-operations")?.focus(); return true; } return false; },
    async show(main, [id]) {
      root = main;
      if (id && !app.contract().operations.some((o) => o.id === id)) {
        // A link without a contract leads to the one that has the operation.
        const other = state.contracts.find((c) => c.operations.some((o) => o.id === id));
        if (other) { state.contract = other.name; document.getElementById("contract").value = other.name; } else id = "";
      }
      contract = await call("GET", "contracts/" + part(state.contract));
      const shown = id ? await operation(id) : overview();
      const nav = menu(id), before = root.querySelector(".master > nav")?.scrollTop || 0;
      root.replaceChildren(el("div", "master", nav, shown));
      nav.scrollTop = before;
      const now = nav.querySelector("[aria-current]");
      if (now && (now.offsetTop < nav.scrollTop || now.offsetTop > nav.scrollTop + nav.clientHeight - 30)) nav.scrollTop = now.offsetTop - 60;
      root.scrollTop = 0;
    },
  };
})());
