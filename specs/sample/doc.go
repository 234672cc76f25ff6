// Package sample makes values that a JSON schema accepts.
//
// What it makes is the same for the same seed. It knows no contract and judges
// nothing itself: a caller gives a judge, and what the judge complains about is
// made in another way the next time. Documented examples and defaults are taken
// over where the judge accepts them.
//
// Read make.go first.
package sample
