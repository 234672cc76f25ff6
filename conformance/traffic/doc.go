// Package traffic judges exchanges that somebody else made: those of a recording,
// and those that go through a proxy.
//
// A [Router] finds the operation of a request, wherever the contract is mounted.
// [Judge] holds one exchange against it (all rules are those of conformance/judge).
// A [Collector] gathers what was judged into one report, bounded in size.
//
// Traffic proves only what it shows. A report of traffic without a deviation is
// partial, never conformant: what nobody called was not judged.
//
// Read exchange.go first.
package traffic
