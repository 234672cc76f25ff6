// Package coverage says what of a contract a run met: operations, outcomes, fields
// and requirements, each with what was attempted, what was observed, and why not.
//
// It reads results and changes none. Percentages and gates are in
// conformance/verdict.
package coverage
