package schema

import (
	"regexp/syntax"
	"unicode/utf8"
)

// simplePattern is an expression such as ^[A-Z]{2}-[0-9]{1,5}$: anchored at both
// ends, a row of ASCII classes of which each can only be left in one way. It is
// what most contracts write, and is decided in one pass over the bytes.
type simplePattern struct{ runs []classRun }

type classRun struct {
	class    [4]uint32 // the ASCII characters
	min, max int       // max -1 is none
}

func (r *classRun) has(c byte) bool { return r.class[c>>5&3]&(1<<(c&31)) != 0 }

func (p *simplePattern) match(text string) (bool, error) {
	i := 0
	for k := range p.runs {
		r := &p.runs[k]
		from := i
		for i < len(text) && (r.max < 0 || i-from < r.max) && text[i] < utf8.RuneSelf && r.has(text[i]) {
			i++
		}
		if i-from < r.min {
			return false, nil
		}
	}
	return i == len(text), nil
}

// newSimplePattern gives nil for an expression that is not of that kind.
func newSimplePattern(text string) *simplePattern {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil
	}
	if re.Op != syntax.OpConcat {
		return nil
	}
	parts := re.Sub
	last := len(parts) - 1
	if last < 1 || parts[0].Op != syntax.OpBeginText || parts[last].Op != syntax.OpEndText {
		return nil
	}
	p := &simplePattern{}
	for _, part := range parts[1:last] {
		if !p.addPart(part) {
			return nil
		}
	}
	for k := range len(p.runs) - 1 {
		// A run of varying length takes all it can: that is right only if what
		// follows cannot begin with the same character.
		for next := k + 1; p.runs[k].min != p.runs[k].max && next < len(p.runs); next++ {
			if p.runs[k].meets(&p.runs[next]) {
				return nil
			}
			if p.runs[next].min > 0 {
				break
			}
		}
	}
	return p
}

func (r *classRun) meets(other *classRun) bool {
	for i := range r.class {
		if r.class[i]&other.class[i] != 0 {
			return true
		}
	}
	return false
}

func (p *simplePattern) addPart(re *syntax.Regexp) bool {
	if re.Flags&syntax.FoldCase != 0 {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			if !p.addRun([]rune{c, c}, 1, 1) {
				return false
			}
		}
		return true
	case syntax.OpCharClass:
		return p.addRun(re.Rune, 1, 1)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, high := re.Min, re.Max
		switch re.Op {
		case syntax.OpStar:
			low, high = 0, -1
		case syntax.OpPlus:
			low, high = 1, -1
		case syntax.OpQuest:
			low, high = 0, 1
		}
		sub := re.Sub[0]
		switch {
		case sub.Flags&syntax.FoldCase != 0:
			return false
		case sub.Op == syntax.OpCharClass:
			return p.addRun(sub.Rune, low, high)
		case sub.Op == syntax.OpLiteral && len(sub.Rune) == 1:
			return p.addRun([]rune{sub.Rune[0], sub.Rune[0]}, low, high)
		}
	}
	return false
}

func (p *simplePattern) addRun(ranges []rune, low, high int) bool {
	r := classRun{min: low, max: high}
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i+1] >= utf8.RuneSelf {
			return false
		}
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			r.class[c>>5] |= 1 << (c & 31)
		}
	}
	p.runs = append(p.runs, r)
	return true
}
