// Package design is the look of the pages that Roadworthy makes: the report and the
// console of the mock. It holds style sheets and scripts, embedded, and nothing
// that knows what a report is.
//
// tokens.css has colours and sizes in both themes, components.css what pages are
// built of (badge, table, cells, bar, facts, disclosure, code, tree, diff, controls),
// page.js the building of nodes, body.js the printing of bodies. A page includes all
// of it inline, so that it opens offline and under a policy that allows nothing else.
package design

import _ "embed"

//go:embed tokens.css
var tokens string

//go:embed components.css
var components string

//go:embed page.js
var script string

//go:embed body.js
var bodies string

// CSS gives the style sheet: tokens, then components.
func CSS() string { return tokens + components }

// JS gives the script; it defines one global, page.
func JS() string { return script + bodies }
