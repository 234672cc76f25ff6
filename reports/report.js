// The list of scenarios: filtered, searched, built as it is scrolled to; what is
// inside a scenario is built when it is opened.
(() => {
  const { el, body, code } = page;
  const byId = (id) => document.getElementById(id);
  const index = JSON.parse(byId("index").textContent);
  const scenarios = index.scenarios;
  const chunk = 100;
  const number = new Intl.NumberFormat("en");

  // The exchanges are the bulk of a report: they are read when one is looked at.
  let exchanges = null;
  function loadExchanges() {
    const holder = byId("exchanges");
    if (!exchanges) {
      exchanges = holder.dataset.packed === "true" ? unpack(JSON.parse(holder.textContent)) : Promise.resolve(JSON.parse(holder.textContent));
    }
    return exchanges;
  }
  async function unpack(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  const words = (status) => status.replaceAll("-", " ");
  const badge = (status) => el("span", "badge " + status, words(status));

  // ---- one scenario ----------------------------------------------------------
  function deviationNode(d) {
    const node = el("div", "deviation");
    node.append(el("div", "", badge(d.waived ? "waived" : d.severity), " ", el("span", "mono", (d.in + " " + d.path).trim()), " ", el("span", "badge", d.kind)));
    const diff = el("dl", "diff");
    diff.append(el("dt", "", "expected"), el("dd", "wanted", d.expected), el("dt", "", "found"), el("dd", "found", d.actual));
    const facts = el("dl", "facts");
    const fact = (name, ...value) => { if (value.some(Boolean)) facts.append(el("dt", "", name), el("dd", "", ...value)); };
    if (d.requirement) fact("requirement", el("b", "", d.requirement), " " + (index.requirements[d.requirement] || ""));
    fact("source", d.source);
    if (d.waived) fact("waived", "until " + d.waived.expires + " by " + d.waived.owner + ": " + d.waived.reason);
    const link = el("a", "mono", d.id);
    link.href = "#deviation=" + encodeURIComponent(d.id);
    fact("id", link);
    node.append(diff, facts);
    return node;
  }

  function messageNode(title, lines, text, cut, label, paths) {
    const node = el("div", "");
    node.append(el("div", "mono", title));
    if (lines.length) {
      const headers = el("details", "");
      headers.append(el("summary", "soft", lines.length + (lines.length === 1 ? " header" : " headers")), el("pre", "inside", lines.join("\n")));
      node.append(headers);
    }
    if (text) node.append(code(body(text, paths, { cut: Boolean(cut) }), text, label));
    if (cut) node.append(el("p", "soft", cut + " more bytes are not in the report"));
    return node;
  }
  const headerLines = (headers) => Object.keys(headers || {}).sort().flatMap((name) => headers[name].map((v) => name + ": " + v));

  let printed = 0;
  async function exchangeNodes(into, step) {
    const x = (await loadExchanges())[step.exchange];
    if (!x) return;
    const both = el("div", "messages");
    const of = " of " + step.id + " (" + ++printed + ")"; // each region has a name of its own
    both.append(messageNode(x.request.method + " " + x.request.url, headerLines(x.request.headers), x.request.body, x.request.bodyCut, "the request" + of));
    const answer = x.response.status ? "HTTP " + x.response.status : "no response: " + (x.response.error || "");
    both.append(messageNode(answer, headerLines(x.response.headers), x.response.body, x.response.bodyCut, "the response" + of,
      step.deviations.map((at) => index.deviations[at]).filter((d) => d.in === "body").map((d) => d.path)));
    into.append(both);
    if (x.curl) into.append(el("div", "soft", "Repeat it:"), code(el("pre", "", x.curl), x.curl, "the curl command" + of));
  }

  function stepNode(step) {
    const node = el("div", "step " + step.status);
    node.dataset.step = step.id;
    node.append(el("div", "", badge(step.status), " ", el("b", "", step.id), " ", el("span", "mono", step.operation), step.title ? " " + step.title : "", " ",
      el("span", "soft", step.durationMs + " ms" + (step.attempts > 1 ? ", " + step.attempts + " attempts" : ""))));
    if (step.why) node.append(el("p", "", step.why));
    for (const at of step.deviations) node.append(deviationNode(index.deviations[at]));
    if (step.exchange >= 0) {
      const holder = el("div", "");
      node.append(holder);
      if (step.deviations.length || step.status === "error") exchangeNodes(holder, step);
      else {
        const closed = el("details", "");
        closed.append(el("summary", "soft", "exchange"));
        closed.addEventListener("toggle", () => exchangeNodes(closed, step), { once: true });
        holder.append(closed);
      }
    }
    return node;
  }

  function fill(details, s) {
    const inside = el("div", "inside");
    const facts = el("dl", "facts");
    const fact = (name, value) => { if (value) facts.append(el("dt", "", name), el("dd", "", value)); };
    fact("reason", s.why);
    for (const id of s.requirements) facts.append(el("dt", "", "requirement"), el("dd", "", el("b", "", id), " " + (index.requirements[id] || "")));
    fact("origin", s.origin + (s.source ? ", " + s.source : ""));
    inside.append(facts);
    for (const step of s.steps) inside.append(stepNode(step));
    details.append(inside);
  }

  // ---- the list --------------------------------------------------------------
  const rows = byId("rows"), shown = byId("shown"), search = byId("search");
  const state = { q: "", status: "", operation: "", profile: "" };
  let matches = [], built = 0;
  const haystack = scenarios.map((s) => [s.id, s.title, s.profile, s.why || "", ...s.requirements, ...s.steps.flatMap((t) => [t.operation, t.why || ""])].join(" ").toLowerCase());

  // headline is what went wrong, in a line.
  function headline(s) {
    for (const step of s.steps) {
      for (const at of step.deviations) {
        const d = index.deviations[at];
        if (!d.waived) return el("span", "soft headline", (d.in + " " + d.path).trim() + ": expected " + short(d.expected) + ", found " + short(d.actual));
      }
    }
    return s.status === "passed" || !s.why ? "" : el("span", "soft headline", short(s.why));
  }
  const short = (text) => text.length > 90 ? text.slice(0, 89) + "…" : text;

  function row(s) {
    const details = el("details", "scenario");
    details.dataset.id = s.id;
    details.append(el("summary", "", badge(s.status), el("span", "mono", s.id), el("span", "", s.title), el("span", "soft took", s.durationMs + " ms"), headline(s)));
    details.addEventListener("toggle", () => fill(details, s), { once: true });
    return details;
  }
  function more(upTo) {
    const part = document.createDocumentFragment();
    for (; built < Math.min(upTo, matches.length); built++) part.append(row(scenarios[matches[built]]));
    rows.append(part);
  }
  function filter() {
    const terms = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    matches = [];
    scenarios.forEach((s, i) => {
      if (state.status && s.status !== state.status) return;
      if (state.profile && s.profile !== state.profile) return;
      if (state.operation && !s.steps.some((t) => t.operation === state.operation)) return;
      if (terms.every((t) => haystack[i].includes(t))) matches.push(i);
    });
    rows.replaceChildren();
    built = 0;
    more(chunk);
    shown.textContent = number.format(matches.length) + " of " + number.format(scenarios.length) + " scenarios";
  }
  const end = el("div", "");
  rows.after(end);
  new IntersectionObserver((seen) => { if (seen.some((e) => e.isIntersecting) && built < matches.length) more(built + chunk); }, { rootMargin: "600px" }).observe(end);

  function options(select, values) {
    for (const v of [...new Set(values)].filter(Boolean).sort()) { const o = el("option", "", v); o.value = v; select.append(o); }
  }
  options(byId("by-operation"), scenarios.flatMap((s) => s.steps.map((t) => t.operation)));
  options(byId("by-profile"), scenarios.map((s) => s.profile));
  const chips = byId("by-status");
  for (const status of ["", ...index.statuses]) {
    const n = status ? scenarios.filter((s) => s.status === status).length : scenarios.length;
    if (!n && status) continue;
    const chip = el("button", "", (status ? words(status) : "all") + " " + number.format(n));
    chip.type = "button";
    chip.dataset.status = status;
    chip.addEventListener("click", () => { state.status = status; apply(true); });
    chips.append(chip);
  }

  // ---- links -----------------------------------------------------------------
  function apply(remember) {
    search.value = state.q;
    byId("by-operation").value = state.operation;
    byId("by-profile").value = state.profile;
    for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.status === state.status));
    filter();
    if (remember) {
      const set = new URLSearchParams(Object.entries(state).filter(([, v]) => v));
      history.replaceState(null, "", String(set) ? "#" + set : location.pathname + location.search);
    }
  }
  function openScenario(id, step) {
    Object.assign(state, { q: "", status: "", operation: "", profile: "" });
    apply(false);
    const at = scenarios.findIndex((s) => s.id === id);
    if (at < 0) return;
    more(at + 1);
    const details = rows.children[at];
    details.open = true;
    setTimeout(() => {
      const target = [...details.querySelectorAll(".step")].find((n) => n.dataset.step === step) || details;
      target.scrollIntoView({ block: "start" });
      details.querySelector("summary").focus({ preventScroll: true });
    }, 0);
  }
  function follow() {
    const set = new URLSearchParams(location.hash.slice(1));
    if (set.has("scenario")) return openScenario(set.get("scenario"), set.get("step"));
    if (set.has("deviation")) {
      const d = index.deviations.find((x) => x.id === set.get("deviation"));
      if (d) return openScenario(d.scenario, d.step);
    }
    const target = location.hash.length > 1 && byId(location.hash.slice(1));
    if (target) {
      for (let d = target.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
      target.scrollIntoView();
    }
    const filtered = Object.keys(state).some((key) => set.has(key));
    for (const key of Object.keys(state)) state[key] = set.get(key) || "";
    apply(false);
    if (filtered) byId("scenarios").scrollIntoView();
  }
  addEventListener("hashchange", follow);

  let wait = 0;
  search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => { state.q = search.value; apply(true); }, 120); });
  byId("by-operation").addEventListener("change", (e) => { state.operation = e.target.value; apply(true); });
  byId("by-profile").addEventListener("change", (e) => { state.profile = e.target.value; apply(true); });
  addEventListener("keydown", (e) => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
    e.preventDefault();
    search.focus();
  });

  // ---- causes ------------------------------------------------------------------
  const groups = [...document.querySelectorAll(".group")], families = [...document.querySelectorAll(".family")];
  let printing = false;
  // The evidence of a cause is that of its first deviation.
  for (const holder of document.querySelectorAll(".evidence")) {
    const details = holder.closest("details");
    details.addEventListener("toggle", () => {
      if (!details.open || printing || holder.firstChild) return;
      const d = index.deviations[Number(holder.dataset.deviation)];
      const s = d && scenarios.find((x) => x.id === d.scenario);
      const step = s && s.steps.find((x) => x.id === d.step);
      if (step && step.exchange >= 0) { holder.append(el("h4", "", "For example, in " + d.scenario)); exchangeNodes(holder, step); }
    });
  }
  for (const more of document.querySelectorAll(".more")) {
    const button = el("button", "", more.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      const part = document.createDocumentFragment();
      for (const at of more.dataset.more.split(" ")) {
        const d = index.deviations[Number(at)], a = el("a", "", d.scenario + (d.step ? " / " + d.step : ""));
        a.href = "#" + new URLSearchParams(d.step ? { scenario: d.scenario, step: d.step } : { scenario: d.scenario });
        part.append(a, " ");
      }
      const first = part.firstChild;
      more.replaceWith(part);
      first.focus();
    });
    more.replaceChildren(button);
  }
  if (groups.length > 5) {
    byId("find-causes").hidden = false;
    const words = groups.map((g) => g.textContent.toLowerCase()), field = byId("search-causes");
    const before = families.map((f) => f.open);
    const find = () => {
      const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      groups.forEach((g, i) => { g.hidden = !terms.every((t) => words[i].includes(t) || families.find((f) => f.contains(g)).querySelector("h3").textContent.toLowerCase().includes(t)); });
      families.forEach((f, i) => { f.hidden = !f.querySelector(".group:not([hidden])"); f.open = terms.length ? !f.hidden : before[i]; });
      byId("causes-shown").textContent = terms.length ? groups.filter((g) => !g.hidden).length + " of " + groups.length + " causes" : "";
    };
    let late = 0;
    field.addEventListener("input", () => { clearTimeout(late); late = setTimeout(find, 150); });
    const all = byId("open-all");
    all.addEventListener("click", () => {
      const open = families.some((f) => !f.open);
      families.forEach((f, i) => { f.open = before[i] = open; });
      all.textContent = open ? "Close all" : "Open all";
    });
  }
  // On paper every kind is open, its first causes too, without the exchanges;
  // afterwards it is as it was.
  let closed = [];
  addEventListener("beforeprint", () => {
    printing = true;
    const spelled = families.flatMap((f) => [...f.querySelectorAll(".group")].slice(0, 10));
    closed = [...families, ...spelled].filter((d) => !d.open);
    for (const d of closed) d.open = true;
  });
  addEventListener("afterprint", () => {
    for (const d of closed) d.open = false;
    setTimeout(() => { printing = false; }, 0);
  });
  follow();
})();
