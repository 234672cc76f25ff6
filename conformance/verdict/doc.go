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
//   - partial: nothing failed, and something was left out: filters, a shard, a scenario
//     that was not reached, not supported or waived
//   - conformant: everything that was planned passed or warned
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
