// Package plan says what a run will do: the scenarios of a contract and its
// generated cases, narrowed by profile, filters and shard, in a fixed order.
//
// Everything that is left out is listed with its reason, and a pattern that fits
// nothing is an error, so that a skip list cannot go stale after a rename.
//
// It runs nothing and sends nothing.
package plan
