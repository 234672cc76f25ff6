// Package suite runs a plan through Ginkgo, and is the only package that knows
// Ginkgo: one Describe per scenario, one It per step, in the order of the plan.
//
// The engine does the work in its own pool; a spec only waits for the outcome of its
// step and passes it on. What counts is decided elsewhere (conformance/verdict):
// Ginkgo's own SUCCESS also stands for "nothing ran" and for "all was skipped".
// So every planned step has to come back exactly once, and [Run] says which did not.
//
// Ginkgo keeps its tree in the process: one run at a time.
package suite
