package sample

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// span is a duration: months and the rest cannot be counted in each other.
type span struct {
	months int
	rest   time.Duration
}

var spanText = regexp.MustCompile(`^(-?)P(?:(\d{1,6})Y)?(?:(\d{1,7})M)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(\.\d{1,9})?S)?)?$`)

func readSpan(text string) (s span, ok bool) {
	found := spanText.FindStringSubmatch(text)
	if found == nil {
		return s, false
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(found[i]) // digits, or none
		return n
	}
	s.months = 12*number(2) + number(3)
	s.rest = 24*time.Hour*time.Duration(number(4)) + time.Hour*time.Duration(number(5)) + time.Minute*time.Duration(number(6)) + time.Second*time.Duration(number(7))
	if found[8] != "" {
		nanos, _ := strconv.Atoi((found[8][1:] + "000000000")[:9])
		s.rest += time.Duration(nanos)
	}
	if found[1] != "" {
		s.months, s.rest = -s.months, -s.rest
	}
	return s, true
}

func (s span) String() string {
	var b strings.Builder
	if s.months < 0 || s.rest < 0 {
		b.WriteByte('-')
		s.months, s.rest = -s.months, -s.rest
	}
	b.WriteByte('P')
	part := func(n int, unit string) {
		if n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit)
		}
	}
	part(s.months/12, "Y")
	part(s.months%12, "M")
	part(int(s.rest/(24*time.Hour)), "D")
	clock := s.rest % (24 * time.Hour)
	if clock > 0 || s.months == 0 && s.rest == 0 {
		b.WriteByte('T')
		part(int(clock/time.Hour), "H")
		part(int(clock%time.Hour/time.Minute), "M")
		if seconds := clock % time.Minute; seconds > 0 || clock == 0 {
			b.WriteString(strconv.FormatFloat(seconds.Seconds(), 'f', -1, 64) + "S")
		}
	}
	return b.String()
}

// durations gives one duration between the bounds. Those in months lead to one in months,
// all others to one that differs by seconds.
func (m *maker) durations(e edges) []string {
	low, hasLow := readSpan(e.low)
	high, hasHigh := readSpan(e.high)
	if hasLow != (e.low != "") || hasHigh != (e.high != "") {
		return nil
	}
	inMonths := low.rest == 0 && high.rest == 0 && (!hasLow || low.months != 0) && (!hasHigh || high.months != 0) && low.months != high.months
	if inMonths {
		least, most := low.months+flagged(e.lowOpen), high.months-flagged(e.highOpen)
		switch {
		case !hasLow:
			least = min(most, max(most-farthest, 0))
		case !hasHigh:
			most = least + 24
		}
		if least <= most {
			return []string{span{months: least + m.rand.IntN(most-least+1)}.String()}
		}
	}
	from := low
	if !hasLow {
		from = high
	}
	least, most := low.rest, high.rest
	switch {
	case !hasLow && high.rest > 0:
		least = 0
	case !hasLow:
		least = high.rest - time.Hour
	case !hasHigh, low.months != high.months:
		most = low.rest + time.Hour
	}
	room := most - least
	if steps := int(room / time.Second); steps >= 2 {
		// A second inside of either bound, so that an open one is kept too.
		return []string{span{from.months, least + time.Second*time.Duration(1+m.rand.IntN(steps-1))}.String()}
	}
	if e.lowOpen || e.highOpen {
		least += room / 2
	}
	return []string{span{from.months, least}.String()}
}

func flagged(open bool) int {
	if open {
		return 1
	}
	return 0
}
