// Package drift compares two contracts, two XML Schemas or two OpenAPI documents
// and says what changed for those who hold to the old one.
//
// It is not a text diff: order of keys, comments, descriptions and names that
// nobody sees on the wire are no change. It does not judge messages, and it knows
// nothing of reports: two of those are compared by reports/compare, in the same
// words.
//
// Read change.go for what comes out, rules.go for the table of rules, and
// compare.go for the way through. OpenAPI documents go through oasdiff
// (openapi.go), which is used nowhere else; all other rules are ours. Drift is seen
// from the side of a client: a request that was right must stay right, and a
// response must not be wider than it was.
package drift
