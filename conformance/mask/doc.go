// Package mask takes secrets out of what is kept of an exchange.
//
// Everything that leaves a run (reports, recordings, recorded scenarios) goes
// through a [Masker] first: texts that are known to be secret wherever they stand,
// and the places where credentials stand whatever is there.
//
// It is no guard against a person who hides data in a field on purpose.
//
// Read mask.go first.
package mask
