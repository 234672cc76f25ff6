// Package generate derives negative and boundary cases from a contract: bodies that
// its schemas refuse, callers that its security refuses, messages that HTTP refuses,
// outcomes that only a provider state leads to, and what a refused or an accepted
// write must leave behind. Every case is an ordinary scenario.
//
// A body case is a valid example with one edit. Which edits break it is not guessed:
// our own compiled schema is asked, and only an edit that breaks a documented rule at
// the very field becomes a case. So the list is linear in the fields of the examples,
// the same in every run, and never demands what the schema does not say.
//
// What is expected is a refusal: the outcomes that the contract names for the reason,
// any of them. Where it documents none, any refusal will do, and its absence is a
// warning.
//
// It sends nothing and knows no contract. Read cases.go first.
package generate
