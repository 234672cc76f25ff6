// The editor of one document: JSON with line numbers, judged as it is written by what
// the contract says of the thing.

app.edit = (() => {
  const { el } = page;
  const { set, call, part, inSession } = app;

  // ruled is a text field with its line numbers; lines that something is wrong in are
  // marked there.
  function ruled(value) {
    const field = set(el("textarea"), { "aria-label": "Document", spellcheck: "false", wrap: "off", id: "edit-text", rows: 20, "aria-describedby": "edit-wrong" });
    field.value = value;
    const rule = set(el("pre", "rule"), { "aria-hidden": "true" });
    let wrong = new Set();
    const draw = () => {
      const n = field.value.split("\n").length, parts = [];
      // Beyond this, numbers cost more than they help.
      for (let i = 1; i <= Math.min(n, 5000); i++) parts.push(wrong.has(i) ? el("b", "", i + "\n") : i + "\n");
      rule.replaceChildren(...parts);
      rule.scrollTop = field.scrollTop;
    };
    field.addEventListener("scroll", () => { rule.scrollTop = field.scrollTop; }, { passive: true });
    draw();
    return {
      field, node: el("div", "ruled", rule, field), draw,
      mark(lines) { wrong = new Set(lines); draw(); },
      // go puts the cursor into a line and shows it.
      go(line) {
        const lines = field.value.split("\n");
        const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
        field.focus();
        field.setSelectionRange(start, start + (lines[line - 1] || "").length);
        field.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(field).lineHeight));
      },
    };
  }

  function finding(v, text) {
    const words = (v.expected ? "expected " + v.expected : "") + (v.actual ? (v.expected ? ", found " : "found ") + v.actual : "");
    return el("li", v.soft ? "soft" : "", v.line ? app.button("Line " + v.line, () => text.go(v.line), { class: "link" }) : "", " ", v.path ? el("code", "", v.path) : "", " ", el("span", "badge " + (v.soft ? "warned" : "failed"), v.kind), " ", words);
  }

  // edit gives what was done, in words; "" when nothing was.
  return async function edit({ resource, document: d, where }) {
    const about = await call("GET", "contracts/" + part(app.state.contract) + "/resources/" + part(resource));
    const original = d ? page.pretty(await call("GET", inSession(where(resource, d.key)), undefined, { text: true })) : about.sample?.trimEnd() || "{\n  \n}";
    const key = app.input(d?.key ?? "", { id: "edit-key", readonly: d ? true : null, placeholder: about.key || "" });
    const owner = app.input(d?.owner ?? "", { id: "edit-owner", placeholder: "nobody: a sample, for everybody" });
    const text = ruled(original);
    const wrong = set(el("div", "judged"), { id: "edit-wrong", role: "status" });
    let hard = [], dirty = false, asked = 0;

    const save = app.button("Save", () => store(false), { class: "primary", id: "edit-save" });
    const force = app.button("Save anyway", () => store(true), { class: "danger", id: "edit-force", hidden: true, title: "Keep a document that the contract would not show, to see what a client makes of it" });

    async function store(forced) {
      if (!key.value.trim()) { wrong.replaceChildren(el("p", "wrong", "A document needs a key.")); key.focus(); return; }
      try {
        await call("PUT", inSession(where(resource, key.value.trim()) + "?owner=" + part(owner.value.trim()) + (forced ? "&force=true" : "")), text.field.value);
      } catch (e) {
        if (e.violations) tell(e.violations); else wrong.replaceChildren(el("p", "wrong", e.message));
        return;
      }
      dialog.close("Saved " + resource + " " + key.value.trim());
    }

    // tell shows what is wrong, at its lines.
    function tell(found) {
      hard = found.filter((v) => !v.soft);
      const broken = hard.some((v) => v.kind === "malformed");
      text.mark(hard.map((v) => v.line));
      set(text.field, { "aria-invalid": hard.length > 0 });
      save.disabled = hard.length > 0;
      force.hidden = !hard.length || broken;
      const summary = hard.length ? el("p", "wrong", app.counted(hard.length, "finding") + (broken ? ": this is not JSON." : " against the contract (" + about.of + ").")) :
        el("p", "soft", about.of ? "Fits what the contract says of " + resource + " (" + about.of + ")." : "The contract does not say what a " + resource + " looks like.");
      wrong.replaceChildren(summary, found.length ? el("ul", "findings", ...found.slice(0, 30).map((v) => finding(v, text)), found.length > 30 ? el("li", "soft", app.count.format(found.length - 30) + " more") : "") : "");
    }

    async function judge() {
      const mine = ++asked;
      const { violations } = await call("PUT", inSession(where(resource, key.value.trim() || "new") + "?check=true"), text.field.value || " ");
      if (mine === asked) tell(violations);
    }
    let late;
    text.field.addEventListener("input", () => { dirty = true; text.draw(); clearTimeout(late); late = setTimeout(() => app.attempt(judge), 250); });
    for (const f of [key, owner]) f.addEventListener("input", () => { dirty = true; });

    const buttons = el("p", "controls end", save, force);
    if (d) {
      buttons.append(app.button("Delete", async () => {
        const sure = await app.choose("Delete " + resource + " " + d.key + "?", [el("p", "", "It is gone from session " + app.state.session + ". Other sessions keep theirs.")], [["yes", "Delete", "danger"], ["", "Cancel"]]);
        if (sure !== "yes") return;
        await call("DELETE", inSession(where(resource, d.key)));
        dialog.close("Deleted " + resource + " " + d.key);
      }, { class: "danger", id: "edit-delete" }), app.button("Copy to a new one", () => { key.readOnly = false; key.value = ""; dirty = true; key.focus(); }, { id: "edit-copy" }));
    }
    buttons.append(app.button("Format", () => { text.field.value = page.pretty(text.field.value); text.field.dispatchEvent(new Event("input")); }), app.button("Cancel", async () => { if (await leave()) dialog.close(""); }));

    async function leave() {
      if (!dirty) return true;
      return await app.choose("Leave without saving?", [el("p", "", "What you changed in " + (d ? d.key : "the new " + resource) + " is lost.")], [["yes", "Leave", "danger"], ["", "Stay"]]) === "yes";
    }
    const schema = about.text ? el("details", "", el("summary", "", "Schema of " + resource, el("span", "soft", about.of)), el("div", "inside", page.code(page.body(about.text), about.text, "the schema"))) : "";
    const { dialog, closed } = app.modal((d ? "" : "New ") + resource + (d ? " " + d.key : ""), [
      el("div", "fields", app.labelled("Key", key), app.labelled("Owner (company)", owner)), text.node, wrong, buttons, schema], { wide: true, guard: leave });
    app.attempt(judge);
    (d ? text.field : key).focus();
    text.field.setSelectionRange(0, 0);
    text.field.scrollTop = 0;
    return closed;
  };
})();
