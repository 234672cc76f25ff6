package generate

import (
	"math"
	"math/big"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// tightened moves an edit that breaks a limit as near to the limit as it goes, so that
// a server which is off by one is found too. The limit is not read from anywhere: the
// schema is asked, by halving what lies between the example and the edit.
func (g *generator) tightened(b base, e edit, original *payload.Node) edit {
	switch {
	case len(e.nearer) > 0:
		for _, text := range e.nearer {
			value := &payload.Node{Kind: e.value.Kind, Value: text}
			if v, refused := g.refusedAt(b, e, value); refused {
				e.value, e.found = value, v
				break
			}
		}
		return e
	case e.what == "too-long" && e.found.Kind == schema.Length:
		return g.shortened(b, e, original)
	case e.found.Kind == schema.Range && e.value != nil && (e.what == "negative" || e.what == "zero" || e.what == "huge"):
		return g.nearest(b, e, original)
	}
	return e
}

// refusedAt asks whether another value breaks the same limit.
func (g *generator) refusedAt(b base, e edit, value *payload.Node) (violation, bool) {
	e.value = value
	v, refused := g.breaks(b, e)
	return v, refused && v.Kind == e.found.Kind
}

func (g *generator) shortened(b base, e edit, original *payload.Node) edit {
	good, bad := utf8.RuneCountInString(original.Value), utf8.RuneCountInString(e.value.Value)
	for bad-good > 1 {
		middle := (good + bad) / 2
		value := &payload.Node{Kind: e.value.Kind, Value: stretched(original.Value, middle)}
		if v, refused := g.refusedAt(b, e, value); refused {
			bad, e.value, e.found = middle, value, v
		} else {
			good = middle
		}
	}
	return e
}

// nearest works on whole numbers; an example with a fraction counts as the whole
// number beside it, away from the edit.
func (g *generator) nearest(b base, e edit, original *payload.Node) edit {
	good, okGood := whole(original.Value, e.what == "huge")
	bad, okBad := whole(e.value.Value, false)
	if !okGood || !okBad {
		return e
	}
	for diff := new(big.Int).Abs(new(big.Int).Sub(bad, good)); diff.Cmp(big.NewInt(1)) > 0; diff.Abs(new(big.Int).Sub(bad, good)) {
		middle := new(big.Int).Add(good, bad)
		middle.Rsh(middle, 1)
		value := &payload.Node{Kind: e.value.Kind, Value: middle.String()}
		if v, refused := g.refusedAt(b, e, value); refused {
			bad, e.value, e.found = middle, value, v
		} else {
			good = middle
		}
	}
	return e
}

func whole(literal string, down bool) (*big.Int, bool) {
	f, _, err := big.ParseFloat(literal, 10, 200, big.ToNearestEven)
	if err != nil || f.IsInf() || f.MantExp(nil) > 200 {
		return nil, false
	}
	n, accuracy := f.Int(nil)
	if accuracy != big.Exact && down == (f.Sign() < 0) {
		n.Add(n, big.NewInt(int64(math.Copysign(1, float64(f.Sign())))))
	}
	return n, true
}
