package generate

import (
	"math"
	"math/big"
	"slices"
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
	refused := func(n *big.Int) bool {
		value := &payload.Node{Kind: e.value.Kind, Value: n.String()}
		v, refused := g.refusedAt(b, e, value)
		if refused {
			bad, e.value, e.found = n, value, v
		} else {
			good = n
		}
		return refused
	}
	for usual := usualLimits(good, bad); len(usual) > 0; {
		middle := len(usual) / 2
		if refused(usual[middle]) {
			usual = usual[:middle]
		} else {
			usual = usual[middle+1:]
		}
	}
	for diff := new(big.Int).Abs(new(big.Int).Sub(bad, good)); diff.Cmp(big.NewInt(1)) > 0; diff.Abs(new(big.Int).Sub(bad, good)) {
		middle := new(big.Int).Add(good, bad)
		refused(middle.Rsh(middle, 1))
	}
	return e
}

// usualLimits lists the numbers between good and bad, in this order, beside which limits
// mostly are: powers of ten, and the ends of the types of machines. To ask them first finds
// the limit with a few questions, where halving needs one for each bit.
func usualLimits(good, bad *big.Int) []*big.Int {
	up := good.Cmp(bad) < 0
	var all []*big.Int
	add := func(n *big.Int) {
		for _, beside := range []int64{-1, 0, 1} {
			for _, sign := range []int64{-1, 1} {
				one := new(big.Int).Add(n, big.NewInt(beside))
				one.Mul(one, big.NewInt(sign))
				if up && one.Cmp(good) > 0 && one.Cmp(bad) < 0 || !up && one.Cmp(good) < 0 && one.Cmp(bad) > 0 {
					all = append(all, one)
				}
			}
		}
	}
	for power := int64(0); power <= 20; power++ {
		add(new(big.Int).Exp(big.NewInt(10), big.NewInt(power), nil))
	}
	for _, bits := range []uint{7, 8, 15, 16, 31, 32, 63, 64} {
		add(new(big.Int).Lsh(big.NewInt(1), bits))
	}
	slices.SortFunc(all, func(a, b *big.Int) int {
		if up {
			return a.Cmp(b)
		}
		return b.Cmp(a)
	})
	return slices.CompactFunc(all, func(a, b *big.Int) bool { return a.Cmp(b) == 0 })
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
