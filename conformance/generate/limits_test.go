package generate

import (
	"math/big"
	"slices"
	"testing"
)

// The usual limits lie strictly between the value that passes and the one that does not,
// each once, in the order from the one to the other.
func TestUsualLimits(t *testing.T) {
	for _, tc := range []struct {
		good, bad int64
		has       []int64
	}{
		{5, 1000, []int64{9, 10, 11, 99, 100, 127, 128, 255, 256, 999}},
		{5, -200, []int64{1, 0, -1, -10, -128, -129}},
		{100, 101, nil},
		{100, 102, []int64{101}},
	} {
		all := usualLimits(big.NewInt(tc.good), big.NewInt(tc.bad))
		before := big.NewInt(tc.good)
		for _, n := range append(slices.Clone(all), big.NewInt(tc.bad)) {
			if tc.good < tc.bad && n.Cmp(before) <= 0 || tc.good > tc.bad && n.Cmp(before) >= 0 {
				t.Errorf("from %d to %d: %v stands behind %v", tc.good, tc.bad, n, before)
			}
			before = n
		}
		for _, want := range tc.has {
			if !slices.ContainsFunc(all, func(n *big.Int) bool { return n.Int64() == want }) {
				t.Errorf("from %d to %d: %d is not among %v", tc.good, tc.bad, want, all)
			}
		}
		if len(tc.has) == 0 && len(all) > 0 {
			t.Errorf("from %d to %d: expected none, found %v", tc.good, tc.bad, all)
		}
	}
}
