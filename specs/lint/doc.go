// Package lint proves a contract consistent with itself: examples against
// schemas, outcomes against rules, errata, requirements and scenarios against what
// they name.
//
// [Rules] lists the rules with their stable ids; [Run] applies them. What keeps a
// contract from being opened at all is not here: see specs.Open. The behaviour is
// compiled by the mock server, which stands above this package: hand its check in
// through [Options].
//
// Read lint.go first; each group of rules is a file.
package lint
