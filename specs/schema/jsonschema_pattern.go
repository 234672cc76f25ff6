package schema

import (
	"errors"
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
)

// pattern finds a regular expression anywhere in a text. The error says that it
// could not be decided.
type pattern interface {
	match(text string) (bool, error)
}

// What expressions that need backtracking may take: on one text, and on all the
// texts of one body together.
const (
	patternTime     = 50 * time.Millisecond
	patternBodyTime = 10 * patternTime
)

var errPatternTime = errors.New("the pattern could not be decided within " + patternTime.String())

// compilePattern takes Go's linear engine where it understands the expression,
// and else a backtracking engine with the rules of ECMAScript and a time limit.
func compilePattern(text string) (pattern, error) {
	if re, err := regexp.Compile(text); err == nil {
		if p := newSimplePattern(text); p != nil {
			return p, nil
		}
		return linearPattern{re}, nil
	}
	re, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		if re, err = regexp2.Compile(text, regexp2.ECMAScript|regexp2.Unicode); err != nil {
			return nil, err
		}
	}
	re.MatchTimeout = patternTime
	return backtrackingPattern{re}, nil
}

type linearPattern struct{ re *regexp.Regexp }

func (p linearPattern) match(text string) (bool, error) { return p.re.MatchString(text), nil }

type backtrackingPattern struct{ re *regexp2.Regexp }

func (p backtrackingPattern) match(text string) (bool, error) {
	ok, err := p.re.MatchString(text)
	if err != nil {
		return false, errPatternTime
	}
	return ok, nil
}

// matches finds an expression in a text, as long as the body has time left.
func (e *evaluation) matches(p pattern, text string) (bool, error) {
	slow, ok := p.(backtrackingPattern)
	if !ok {
		return p.match(text)
	}
	if e.patternTime > patternBodyTime {
		return false, errPatternTime
	}
	start := time.Now()
	found, err := slow.match(text)
	e.patternTime += time.Since(start)
	return found, err
}
