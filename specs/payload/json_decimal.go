package payload

import (
	"cmp"
	"math/big"
	"strings"
)

// Decimal is the exact value of a number literal of any length: digits × 10^exp.
// Nothing here grows with the exponent, so that 1e2000000 costs as much as 1.
type Decimal struct {
	neg    bool
	digits string // without zeros at either end; "" is zero
	exp    int64
}

// Exponents beyond this are taken as this: they only ever meet each other.
const maxExponent = int64(1) << 40

// ParseDecimal reads a JSON number literal; false if the text is not one.
func ParseDecimal(literal string) (Decimal, bool) {
	if !isNumber(literal) {
		return Decimal{}, false
	}
	return decimal(literal), true
}

// decimal reads a literal that is known to be a number.
func decimal(s string) Decimal {
	var d Decimal
	if s[0] == '-' {
		d.neg, s = true, s[1:]
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		d.exp = exponent(s[i+1:])
		s = s[:i]
	}
	if whole, fraction, ok := strings.Cut(s, "."); ok {
		fraction = strings.TrimRight(fraction, "0")
		d.exp -= int64(len(fraction))
		s = whole + fraction
	}
	s = strings.TrimLeft(s, "0")
	d.digits = strings.TrimRight(s, "0")
	d.exp += int64(len(s) - len(d.digits))
	if d.digits == "" {
		return Decimal{}
	}
	return d
}

func exponent(s string) int64 {
	negative := s[0] == '-'
	var e int64
	for _, c := range []byte(strings.TrimLeft(s, "+-")) {
		e = min(e*10+int64(c-'0'), maxExponent)
	}
	if negative {
		return -e
	}
	return e
}

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.neg:
		return -1
	}
	return 1
}

// IsInt reports whether there is no fraction: 1.0 and 1e3 have none.
func (d Decimal) IsInt() bool { return d.exp >= 0 }

// Cmp compares by value: -1 if d is less than e, 0 if equal, 1 if greater.
func (d Decimal) Cmp(e Decimal) int {
	ds, es := d.Sign(), e.Sign()
	switch {
	case ds < es:
		return -1
	case ds > es:
		return 1
	}
	return ds * d.compareSize(e)
}

func (d Decimal) compareSize(e Decimal) int {
	// The place of the first digit decides, then the digits one by one.
	dTop, eTop := int64(len(d.digits))+d.exp, int64(len(e.digits))+e.exp
	switch {
	case dTop < eTop:
		return -1
	case dTop > eTop:
		return 1
	}
	return strings.Compare(d.digits, e.digits)
}

// MultipleOf reports whether d is m times an integer, exactly. A zero m has no
// multiple but zero.
func (d Decimal) MultipleOf(m Decimal) bool {
	if d.digits == "" {
		return true
	}
	if m.digits == "" {
		return false
	}
	gap := d.exp - m.exp
	if gap < 0 {
		// The digits of d would have to hold a power of ten; they never end in a zero.
		return false
	}
	a, b := d.integer(), m.integer()
	shift := new(big.Int).Exp(big.NewInt(10), big.NewInt(gap), b)
	a.Mul(a, shift)
	return a.Rem(a, b).Sign() == 0
}

func (d Decimal) integer() *big.Int {
	i, _ := new(big.Int).SetString(d.digits, 10)
	return i
}

// Key is the same text for equal values, whatever their literals.
func (d Decimal) Key() string {
	if d.digits == "" {
		return "0"
	}
	key := d.digits + "e" + big.NewInt(d.exp).String()
	if d.neg {
		return "-" + key
	}
	return key
}

// CompareNumbers compares two JSON number literals by value.
func CompareNumbers(a, b string) int {
	x, xPlaces, ok := fixedPoint(a)
	if ok {
		if y, yPlaces, ok := fixedPoint(b); ok {
			for ; xPlaces < yPlaces; xPlaces++ {
				x *= 10
			}
			for ; yPlaces < xPlaces; yPlaces++ {
				y *= 10
			}
			return cmp.Compare(x, y)
		}
	}
	return decimal(a).Cmp(decimal(b))
}

// The literals that [fixedPoint] reads: with all their digits behind the other's
// decimal places they still fit an int64.
const (
	fixedDigits = 12
	fixedPlaces = 6
)

// fixedPoint reads a short literal without an exponent as an integer and the
// number of decimal places in it.
func fixedPoint(s string) (n int64, places int, ok bool) {
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	if len(s) > fixedDigits {
		return 0, 0, false
	}
	point := -1
	for i := range len(s) {
		switch c := s[i]; {
		case c-'0' <= 9:
			n = n*10 + int64(c-'0')
		case c == '.':
			point = i
		default:
			return 0, 0, false
		}
	}
	if point >= 0 {
		if places = len(s) - point - 1; places > fixedPlaces {
			return 0, 0, false
		}
	}
	if negative {
		n = -n
	}
	return n, places, true
}
