// The form that sends an example, or what a person made of it, to the mock.

app.tryIt = (() => {
  const { el } = page;
  const { set, call, inSession } = app;

  function lines(value) { return Object.entries(value || {}).map(([n, v]) => n + ": " + v).join("\n"); }
  function pairs(text) {
    const all = {};
    for (const line of text.split("\n")) {
      const at = line.indexOf(":");
      if (at > 0) all[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
    return all;
  }

  return function tryIt(contract, op) {
    const examples = op.examples.filter((e) => e.request);
    const pick = app.select(examples.map((e) => [e.name, e.name + (e.basis === e.name ? "" : " (" + e.basis + ")")]), examples[0]?.name, { id: "try-example" });
    const identities = [...contract.identities, "none"];
    const identity = app.select(identities.map((i) => [i, i === "none" ? "none: no credentials" : i]), identities.includes("default") ? "default" : identities[0], { id: "try-identity" });
    const declared = { path: new Map(), query: new Map() };
    for (const p of op.params) if (declared[p.in]) declared[p.in].set(p.name, app.input("", { "data-param": p.in + " " + p.name, required: p.required || null }));
    const area = (label, id, rows) => set(el("textarea"), { id, rows, spellcheck: "false", "aria-label": label });
    const query = area("More query parameters, one name: value per line", "try-query", 2), headers = area("Headers, one name: value per line", "try-headers", 2);
    const mediaType = app.input("", { id: "try-media" }), text = area("Body", "try-body", 14), result = set(el("div"), { id: "try-result", role: "region", "aria-label": "Answer" });
    const about = el("p", "soft");
    const fill = () => {
      const e = examples.find((x) => x.name === pick.value), r = e?.request || {};
      for (const where of ["path", "query"]) for (const [name, field] of declared[where]) field.value = r[where]?.[name] ?? (where === "path" ? op.params.find((p) => p.in === where && p.name === name)?.example || "" : "");
      query.value = lines(Object.fromEntries(Object.entries(r.query || {}).filter(([n]) => !declared.query.has(n))));
      headers.value = lines(r.headers);
      mediaType.value = r.mediaType || op.bodies.find((b) => b.of === "request")?.mediaType || "";
      text.value = r.body || "";
      if (e?.identity) identity.value = e.identity;
      page.put(about, e ? [e.title, r.invalid ? "Kept as it was printed: " + r.invalid : ""].filter(Boolean).join(". ") : "");
    };
    const filled = (m) => Object.fromEntries([...m].filter(([, f]) => f.value !== "").map(([n, f]) => [n, f.value]));
    const trial = () => ({ contract: contract.name, operation: op.id, identity: identity.value, path: filled(declared.path), query: { ...filled(declared.query), ...pairs(query.value) }, headers: pairs(headers.value), mediaType: mediaType.value, body: text.value });
    pick.addEventListener("change", fill);
    fill();
    const send = app.button("Send", async () => {
      const r = await call("POST", inSession("try"), trial());
      const answer = await app.detail(String(r.id), () => { result.replaceChildren(); send.focus(); });
      result.replaceChildren(answer);
      answer.querySelector("h2").focus({ preventScroll: true });
      answer.scrollIntoView({ block: "nearest" });
    }, { class: "primary", id: "try-send" });
    const curl = app.button("Copy as curl", async () => app.say(await page.copy((await call("POST", inSession("try/curl"), trial(), { text: true })).trimEnd()) ? "The curl line is copied" : "The browser does not allow to copy"), { id: "try-curl" });
    const takesBody = op.bodies.some((b) => b.of === "request");
    const format = takesBody ? app.button("Format the body", () => { text.value = page.pretty(text.value); }) : "";
    text.addEventListener("keydown", (e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); send.click(); } });
    return set(el("section", "card stack", el("h3", "", "Try it"), el("p", "soft", "Sent to this mock in session " + app.state.session + ", with the credentials of the identity. It goes the way of every request, and into the journal."),
      el("div", "fields", examples.length ? app.labelled("Example", pick) : "", app.labelled("Identity", identity), takesBody ? app.labelled("Media type", mediaType) : ""), about,
      declared.path.size + declared.query.size ? el("div", "fields", ...["path", "query"].flatMap((w) => [...declared[w]].map(([n, f]) => app.labelled(n, f, "in the " + w)))) : "",
      el("details", "", el("summary", "", "Headers and more query parameters"), el("div", "inside fields", app.labelled("Headers", headers, "one name: value per line"), app.labelled("Query", query, "one name: value per line"))),
      takesBody ? text : "", el("p", "controls", send, curl, format), result), { "aria-label": "Try it" });
  };
})();
