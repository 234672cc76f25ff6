package sample

import (
	"regexp"
	"time"
)

// calendar is how a type of dates or times is written, and its step.
type calendar struct {
	layout string
	step   func(t time.Time, n int) time.Time
	fine   bool // between two steps there is another value
}

func calendars() map[string]calendar {
	seconds := func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Second) }
	by := func(years, months, days int) func(time.Time, int) time.Time {
		return func(t time.Time, n int) time.Time { return t.AddDate(n*years, n*months, n*days) }
	}
	return map[string]calendar{
		"dateTime":   {"2006-01-02T15:04:05.999999999", seconds, true},
		"time":       {"15:04:05.999999999", seconds, true},
		"date":       {"2006-01-02", by(0, 0, 1), false},
		"gYearMonth": {"2006-01", by(0, 1, 0), false},
		"gYear":      {"2006", by(1, 0, 0), false},
		"gMonthDay":  {"--01-02", by(0, 0, 1), false},
		"gMonth":     {"--01", by(0, 1, 0), false},
		"gDay":       {"---02", by(0, 0, 1), false},
	}
}

// zone is how a date or time ends that says its zone.
var zone = regexp.MustCompile(`(Z|[+-]\d\d:\d\d)$`)

// farthest is how many steps a made value is away from its bound at most.
const farthest = 300

// moments gives one date or time between the bounds, in the zone of the bounds, and, where
// they have none, in universal time too.
func (m *maker) moments(e edges) []string {
	c, known := calendars()[e.format]
	if !known {
		return nil
	}
	read := func(text string) (t time.Time, there, ok bool) {
		layout := c.layout
		if zone.MatchString(text) {
			layout += "Z07:00"
		}
		t, err := time.Parse(layout, text)
		return t, text != "", err == nil || text == ""
	}
	low, hasLow, okLow := read(e.low)
	high, hasHigh, okHigh := read(e.high)
	if !okLow || !okHigh || !hasLow && !hasHigh {
		return nil
	}
	within := func(t time.Time) bool {
		return !(hasLow && (t.Before(low) || e.lowOpen && t.Equal(low)) || hasHigh && (t.After(high) || e.highOpen && t.Equal(high)))
	}
	from, sign, suffix := low, 1, zone.FindString(e.low)
	if !hasLow {
		from, sign, suffix = high, -1, zone.FindString(e.high)
	}
	written := func(t time.Time) []string {
		layout := c.layout
		if suffix != "" {
			return []string{t.Format(layout + "Z07:00")}
		}
		return []string{t.Format(layout), t.Format(layout) + "Z"}
	}
	for most := farthest; most > 0; most /= 2 {
		if t := c.step(from, sign*m.rand.IntN(most+1)); within(t) {
			return written(t)
		}
	}
	for n := range 2 {
		if t := c.step(from, sign*n); within(t) {
			return written(t)
		}
	}
	if c.fine && hasLow && hasHigh {
		if t := low.Add(high.Sub(low) / 2); within(t) {
			return written(t)
		}
	}
	return nil
}
