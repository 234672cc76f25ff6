package schema

import (
	"math"
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// numberFormat is a format of numbers: int32, int64, float, double.
type numberFormat struct {
	name  string
	words string
	fits  func(literal string) bool
}

func numberFormatNamed(name string) *numberFormat {
	whole := func(low, high string) func(string) bool {
		return func(s string) bool {
			return isInteger(s) && payload.CompareNumbers(s, low) >= 0 && payload.CompareNumbers(s, high) <= 0
		}
	}
	switch name {
	case "int32":
		return &numberFormat{name, "int32, a whole number from -2147483648 to 2147483647", whole("-2147483648", "2147483647")}
	case "int64":
		return &numberFormat{name, "int64, a whole number of at most 64 bits", whole("-9223372036854775808", "9223372036854775807")}
	case "float":
		return &numberFormat{name, "float, a number within the range of 32 bit floats", func(s string) bool {
			f, err := strconv.ParseFloat(s, 64)
			return err == nil && math.Abs(f) <= math.MaxFloat32
		}}
	case "double":
		return &numberFormat{name, "double, a number within the range of 64 bit floats", func(s string) bool {
			_, err := strconv.ParseFloat(s, 64)
			return err == nil
		}}
	}
	return nil
}

// number judges the value of a number.
func (e *evaluation) number(s *jsonSchema, n *payload.Node) {
	r := s.number
	if r.min != "" {
		if c := payload.CompareNumbers(n.Value, r.min); c < 0 || c == 0 && r.aboveMin {
			e.add(jsonFinding{node: n, schema: s, rule: ruleMinimum})
		}
	}
	if r.max != "" {
		if c := payload.CompareNumbers(n.Value, r.max); c > 0 || c == 0 && r.belowMax {
			e.add(jsonFinding{node: n, schema: s, rule: ruleMaximum})
		}
	}
	if r.multipleText != "" {
		if d, ok := payload.ParseDecimal(n.Value); ok && !d.MultipleOf(r.multipleOf) {
			e.add(jsonFinding{node: n, schema: s, rule: ruleMultiple})
		}
	}
	if r.format != nil && !r.format.fits(n.Value) {
		e.add(jsonFinding{node: n, schema: s, rule: ruleNumberFormat})
	}
}
