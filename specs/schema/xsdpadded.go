package schema

import (
	"slices"
	"strings"
	"time"
)

// padded reports whether a value is refused for the white space around it alone.
// XML Schema takes that away before it looks at a number or a date (part 2, section
// 4.3.6); libxml2 forgets to for some of the types.
func (s *xsdSimple) padded(value string) bool {
	trimmed := strings.Trim(value, " \t\r\n")
	if s == nil || trimmed == value || trimmed == "" || len(s.patterns) > 0 || s.enum != nil && !slices.Contains(s.enum, trimmed) || len(trimmed) > 400 {
		return false
	}
	if _, _, integer := integerBounds(s.builtin); integer {
		return isNumber(trimmed, true) && !s.outOfRange(trimmed)
	}
	layouts := map[string][]string{
		"date":     {"2006-01-02", "2006-01-02Z07:00"},
		"dateTime": {"2006-01-02T15:04:05", time.RFC3339},
		"time":     {"15:04:05", "15:04:05Z07:00"},
	}
	return s.low == "" && s.high == "" && slices.ContainsFunc(layouts[s.builtin], func(layout string) bool {
		_, err := time.Parse(layout, trimmed)
		return err == nil
	})
}
