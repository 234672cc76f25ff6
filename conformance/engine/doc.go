// Package engine runs scenarios against a base URL: build a request, send it, judge
// what came back, hold it against what the step expects, capture, go on.
//
// [New] takes a contract and [Options]; [Runner.Preflight] says whether the target
// can be tested at all; [Runner.Run] takes one scenario to its end; [Runner.Start]
// runs a list of them in a pool. The engine speaks HTTP and nothing else: it knows
// nothing of the server behind the URL.
//
// Scenarios share nothing: every one has its own unique values, made from the seed
// of the run and its id, so that they may run in any order and at the same time. A
// failure of the suite itself (a reference that cannot be resolved, a request that
// cannot be built) is the status error and never a deviation of the target. Secrets
// are masked before anything is kept.
//
// Redirects are not followed, so that credentials never leave for another host; the
// size of a response and the time for it are bounded.
//
// Read options.go first, then run.go.
package engine
