// Package fault holds named faults: what a real server does wrong now and then,
// on purpose.
//
// A [Fault] is an entry of the catalogue ([All]); an [Active] one is in force for
// some calls of some operations. [Set.Plan] says for one exchange what must go
// wrong; the mock server asks the plan at its stations. A fault of the wire
// spoils how an answer travels, one of the message what it says, one of the
// behaviour what the server does.
//
// The set is kept in memory ([NewSet]) or at a Redis server ([NewShared]), where calls
// are counted over all mocks.
//
// To add one: a small file with a function that gives the Fault, a line in All,
// and a field of Plan if no existing one fits.
package fault
