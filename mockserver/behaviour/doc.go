// Package behaviour makes the rules, effects and templates of a contract's
// behaviour.yaml run.
//
// [Compile] turns them into programs once, and reports everything that is wrong
// with file and line. [Operation.Run] then decides about one request inside one
// transaction on the state: it evaluates the let-values and the rules, for a
// batch item by item, applies the effects, and fills the template of the answer.
//
// It does not speak HTTP, does not judge bodies against schemas, and knows no
// contract.
//
// Expressions are CEL with one rule of their own: what is absent is null. Read
// value.go for how bodies look to an expression, template.go for templates, and
// run.go for the order of things.
package behaviour
