package browsertest

// Accessible lists what keeps somebody from using the page as it stands: texts of too
// little contrast, controls without a name, what scrolls and cannot be reached by
// keys, references to nothing. Empty is as it should be.
func (p *Tab) Accessible() string {
	p.t.Helper()
	return Read[string](p, accessible)
}

const accessible = `(() => {
	const found = new Set();
	const seen = (n) => n.checkVisibility() && !n.closest("[hidden], .only-heard, .skip");
	const called = (n) => n.tagName + (n.id ? "#" + n.id : "") + (n.className && typeof n.className === "string" ? "." + n.className.split(" ").join(".") : "");

	// Contrast of 4.5 to 1 (WCAG 2, 1.4.3).
	const parts = (c) => c.startsWith("color(srgb") ? c.match(/[\d.]+/g).slice(0, 4).map(Number) : c.match(/[\d.]+/g).map(Number).map((v, i) => i < 3 ? v / 255 : v);
	const light = (c) => { const [r, g, b] = parts(c).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
	const grounds = new Map(); // each element is looked at once
	const behind = (n) => {
		if (!n) return "rgb(255, 255, 255)";
		if (!grounds.has(n)) { const c = getComputedStyle(n).backgroundColor; grounds.set(n, /, 0\)$|transparent/.test(c) ? behind(n.parentElement) : c); }
		return grounds.get(n);
	};
	for (const n of document.querySelectorAll("body *")) {
		if (![...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) || !seen(n) || n.disabled || n.closest("svg")) continue;
		if (n.getAnimations().length || n.closest(".fresh")) continue;
		const a = light(getComputedStyle(n).color), b = light(behind(n)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (ratio < 4.5) found.add("contrast of " + ratio.toFixed(1) + ": " + called(n));
	}

	// A name for everything that can be used.
	for (const n of document.querySelectorAll("button, input:not([type=hidden]), select, textarea, a[href], summary, dialog[open], [role=grid], [role=region]")) {
		const by = n.getAttribute("aria-labelledby");
		if (seen(n) && !(n.getAttribute("aria-label") || n.labels?.length || by && document.getElementById(by) || n.textContent.trim())) found.add("no name: " + called(n));
	}

	// What scrolls is reached by keys (2.1.1).
	for (const n of document.querySelectorAll("body *")) {
		if (n.scrollHeight <= n.clientHeight + 1 && n.scrollWidth <= n.clientWidth + 1) continue;
		const s = getComputedStyle(n);
		if (!/auto|scroll/.test(s.overflowX + s.overflowY) || !seen(n)) continue;
		if (n.tabIndex < 0 && !n.querySelector("a[href], button:enabled, input:enabled, select, textarea, summary, [tabindex='0']")) found.add("scrolls without keys: " + called(n));
	}

	// References lead somewhere, ids are there once.
	for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"])
		for (const n of document.querySelectorAll("[" + attribute + "]"))
			for (const id of n.getAttribute(attribute).split(/\s+/)) if (!document.getElementById(id)) found.add(attribute + " to nothing (" + id + "): " + called(n));
	const ids = [...document.querySelectorAll("[id]")].map((n) => n.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.add("id twice: " + id);

	// Only a grid, a table or a treegrid counts its rows.
	for (const n of document.querySelectorAll("[aria-rowcount]")) if (!/^(grid|table|treegrid)$/.test(n.getAttribute("role"))) found.add("aria-rowcount where it means nothing: " + called(n));
	if (!document.documentElement.lang || !document.title) found.add("the page has no language or no title");
	return [...found].join("; ");
})()`

// Overflows tells by how much the page is wider than its window.
func (p *Tab) Overflows() int {
	p.t.Helper()
	return Read[int](p, "Math.max(0, document.documentElement.scrollWidth - innerWidth)")
}

// Elsewhere counts what the page loaded from other places than its own.
func (p *Tab) Elsewhere() int {
	p.t.Helper()
	return Read[int](p, "performance.getEntriesByType('resource').filter((e) => !e.name.startsWith(location.origin + '/')).length")
}
