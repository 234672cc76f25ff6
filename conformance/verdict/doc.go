// Package verdict holds the statuses of steps and scenarios, and the written rule
// that folds them into the verdict of a run.
//
// # A step
//
//   - failed: at least one deviation of severity error that is not waived
//   - error: the suite itself could not do it; never the implementation's fault
//   - warned: only deviations of severity warning
//   - waived: its errors are all waived, by a waiver or by the baseline
//   - not-reached: it was not tried, and Why says what was missing
//   - not-supported: the operation is not there; one deviation says so for all steps
//   - passed: none of these; deviations of severity info change nothing
//
// # A scenario
//
// takes the first of failed, error, not-supported, not-reached, waived, warned, passed
// that one of its steps has.
//
// # A run
//
//   - inconclusive: the target could not be tested, nothing that counts was run, the
//     suite failed somewhere, or a planned step did not come back exactly once
//   - non-conformant: a scenario failed
//   - partial: nothing failed, and a person left something out: filters, a shard, a
//     waiver
//   - conformant: everything that could be run passed or warned
//
// What was not reached, for want of a state, an identity or a fixture, lowers the
// coverage and never the verdict. Nor does an operation that the implementation file
// does not declare: its scenarios are not-supported. One that is declared and not
// there has its one deviation, and that is a failed scenario.
//
// A failed scenario outweighs an error: a run with both is non-conformant. Passed,
// failed, warned and waived scenarios count as run.
//
// # The exit code
//
// 1 for non-conformant, 3 for inconclusive, else 0. "fail on warning" makes 1 of a
// warning, "fail on never" makes 0 of non-conformant (and of nothing else). A missed
// coverage gate is 1.
//
// The same rule stands, for people who test, in docs/verdict.md.
//
// Read fold.go first.
package verdict
