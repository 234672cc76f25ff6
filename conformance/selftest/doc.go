// Package selftest proves that the suite finds what is broken and fails nothing
// that is right.
//
// It is given a healthy server that can be told to misbehave: a catalogue of faults
// and the URL at which they are put in force. First it runs the suite against the
// healthy server, several times and in random order: every failure is a false alarm.
// Then it seeds each fault in every place where it can sit, one at a time, and runs
// the scenarios that come by: the fault must be found, by a deviation that names its
// operation and, for a fault in a message, its field. Faults that break no promise of
// the contract (an answer that is late, an optional field that is absent) must leave
// every scenario as it was, unless a scenario has reason to ask for what is gone.
//
// It knows the faults by name only, never the server: both meet on the wire.
//
// Read config.go, then rules.go (what is expected of each fault), seeds.go (where it
// is put) and verdict.go (what counts as found).
package selftest
