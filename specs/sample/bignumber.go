package sample

import (
	"math/big"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// exactDigits is how many digits a number may have for a float to hold it.
const exactDigits = 15

// big makes a number between bounds that a float does not hold; nil where the bounds are
// none of these.
func (m *maker) big(v view) *payload.Node {
	var low, high *big.Rat
	long, behind := false, 0
	lowOpen, highOpen := false, false
	for _, n := range v.nodes {
		for _, keyword := range []string{"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"} {
			bound := n.Member(keyword)
			if bound == nil || bound.Kind != payload.Number || len(bound.Value) > 400 {
				continue
			}
			value, ok := new(big.Rat).SetString(bound.Value)
			if !ok {
				continue
			}
			long = long || len(strings.Trim(bound.Value, "-.")) > exactDigits
			if _, after, ok := strings.Cut(bound.Value, "."); ok {
				behind = max(behind, len(after))
			}
			switch {
			case strings.HasSuffix(strings.ToLower(keyword), "minimum") && (low == nil || value.Cmp(low) > 0):
				low, lowOpen = value, keyword != "minimum" || flag(n, "exclusiveMinimum")
			case strings.HasSuffix(strings.ToLower(keyword), "maximum") && (high == nil || value.Cmp(high) < 0):
				high, highOpen = value, keyword != "maximum" || flag(n, "exclusiveMaximum")
			}
		}
	}
	if !long || low == nil && high == nil {
		return nil
	}
	step := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(behind)), nil))
	within := func(r *big.Rat) bool {
		if low != nil && (r.Cmp(low) < 0 || lowOpen && r.Cmp(low) == 0) {
			return false
		}
		return high == nil || r.Cmp(high) < 0 || !highOpen && r.Cmp(high) == 0
	}
	from, sign := low, int64(1)
	if low == nil {
		from, sign = high, -1
	}
	for _, n := range []int64{m.rand.Int64N(100), m.rand.Int64N(10), 0, 1} {
		r := new(big.Rat).Mul(step, new(big.Rat).SetInt64(sign*n))
		if r.Add(r, from); within(r) {
			return &payload.Node{Kind: payload.Number, Value: r.FloatString(behind)}
		}
	}
	return nil
}
