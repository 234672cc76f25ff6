// Package conformance judges an implementation of a contract, over HTTP only.
//
// [Run] is the library entry: it takes a [Config], and gives the report of the run.
// It never imports the mock server, and knows no contract: what is tried comes from
// the contract's data and its scenarios.
//
// The parts: plan (what will run), generate (cases made from the contract), engine
// (one scenario against a base URL), judge (one exchange against one operation),
// match (a scenario's expectations), suite (Ginkgo), coverage, verdict (the rule that
// folds results, read its package comment), settings (files).
//
// Read config.go first, then run.go.
package conformance
