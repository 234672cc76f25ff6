package sample

import (
	"math"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// number makes a number within the bounds.
func (m *maker) number(v view, integer bool) *payload.Node {
	if n := m.big(v); n != nil {
		return n
	}
	step := 1.0
	for _, f := range v.numbers("multipleOf") {
		if f > 0 {
			step = f
		}
	}
	low, high := math.Inf(-1), math.Inf(1)
	for _, n := range v.nodes {
		minimum, hasMin := numberOf(n, "minimum")
		maximum, hasMax := numberOf(n, "maximum")
		if hasMin && flag(n, "exclusiveMinimum") {
			minimum += step
		}
		if hasMax && flag(n, "exclusiveMaximum") {
			maximum -= step
		}
		if f, ok := numberOf(n, "exclusiveMinimum"); ok {
			minimum, hasMin = f+step, true
		}
		if f, ok := numberOf(n, "exclusiveMaximum"); ok {
			maximum, hasMax = f-step, true
		}
		if hasMin {
			low = math.Max(low, minimum)
		}
		if hasMax {
			high = math.Min(high, maximum)
		}
	}
	switch {
	case math.IsInf(low, 0) && math.IsInf(high, 0):
		low, high = 0, 100*step
	case math.IsInf(low, 0):
		low = math.Min(0, high-100*step)
	case math.IsInf(high, 0):
		high = low + 100*step
	}
	if high < low {
		// Between two neighbours only a fraction fits.
		return payload.FromGo(between(v))
	}
	value := math.Ceil(low/step) * step
	if value > high {
		value = low
	} else if room := math.Floor((high - value) / step); room >= 1 {
		value += step * float64(m.rand.Int64N(int64(math.Min(room, 1000))+1))
	}
	if integer && math.Abs(value) < 1<<53 {
		return payload.FromGo(int64(math.Ceil(value)))
	}
	if digits := v.digits(); digits > 0 {
		// Of 7 times 0.01 no more digits are meant than the step has.
		return &payload.Node{Kind: payload.Number, Value: strconv.FormatFloat(value, 'f', digits, 64)}
	}
	return payload.FromGo(value)
}

// digits is how many the step has behind its point; 0 without one.
func (v view) digits() int {
	most := 0
	for _, n := range v.all("multipleOf") {
		if _, behind, ok := strings.Cut(n.Value, "."); ok && !strings.ContainsAny(behind, "eE") {
			most = max(most, len(behind))
		}
	}
	return most
}

func (v view) numbers(keyword string) []float64 {
	var all []float64
	for _, n := range v.nodes {
		if f, ok := numberOf(n, keyword); ok {
			all = append(all, f)
		}
	}
	return all
}

func numberOf(n *payload.Node, keyword string) (float64, bool) {
	v := n.Member(keyword)
	if v == nil || v.Kind != payload.Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Value, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func flag(n *payload.Node, keyword string) bool {
	v := n.Member(keyword)
	return v != nil && v.Kind == payload.Bool && v.Value == "true"
}

// between is the middle of the bounds, for a range in which no step falls.
func between(v view) float64 {
	low, high := math.Inf(-1), math.Inf(1)
	for _, keyword := range []string{"minimum", "exclusiveMinimum"} {
		for _, f := range v.numbers(keyword) {
			low = math.Max(low, f)
		}
	}
	for _, keyword := range []string{"maximum", "exclusiveMaximum"} {
		for _, f := range v.numbers(keyword) {
			high = math.Min(high, f)
		}
	}
	return (low + high) / 2
}
