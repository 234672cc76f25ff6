package schema

import "strings"

// twoDigits reads two digits at i, -1 if they are not there.
func twoDigits(s string, i int) int {
	if i+2 > len(s) || !isDigit(s[i]) || !isDigit(s[i+1]) {
		return -1
	}
	return int(s[i]-'0')*10 + int(s[i+1]-'0')
}

// isDate is full-date of RFC 3339, a day that the calendar has.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	century, of, month, day := twoDigits(s, 0), twoDigits(s, 2), twoDigits(s, 5), twoDigits(s, 8)
	if century < 0 || of < 0 || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= daysIn(month, century*100+of)
}

func daysIn(month, year int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// isTime is full-time of RFC 3339: with an offset, fractions allowed. Second 60
// exists only where it is 23:59:60 in UTC.
func isTime(s string) bool {
	if len(s) < 9 || s[2] != ':' || s[5] != ':' {
		return false
	}
	hour, minute, second := twoDigits(s, 0), twoDigits(s, 3), twoDigits(s, 6)
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return false
	}
	i := 8
	if s[i] == '.' {
		from := i + 1
		for i = from; i < len(s) && isDigit(s[i]); i++ {
		}
		if i == from {
			return false
		}
	}
	offset := 0
	switch zone := s[i:]; {
	case zone == "Z" || zone == "z":
	case len(zone) == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':':
		h, m := twoDigits(zone, 1), twoDigits(zone, 4)
		if h < 0 || h > 23 || m < 0 || m > 59 {
			return false
		}
		if offset = h*60 + m; zone[0] == '-' {
			offset = -offset
		}
	default:
		return false
	}
	return second < 60 || (hour*60+minute-offset+2*24*60)%(24*60) == 23*60+59
}

// isDateTime is date-time of RFC 3339.
func isDateTime(s string) bool {
	return len(s) > 11 && s[10]|0x20 == 't' && isDate(s[:10]) && isTime(s[11:])
}

// isDuration is duration of RFC 3339 appendix A: P, then years, months and days,
// then T with hours, minutes and seconds; or weeks alone. Units may not be
// skipped in between there, but commonly are and are accepted in order.
func isDuration(s string) bool {
	s, ok := strings.CutPrefix(s, "P")
	if !ok || s == "" {
		return false
	}
	date, clock, hasClock := strings.Cut(s, "T")
	if hasClock && clock == "" {
		return false
	}
	if weeks, only := strings.CutSuffix(date, "W"); only && !hasClock {
		return unitsInOrder(weeks+"W", "W", false)
	}
	return unitsInOrder(date, "YMD", false) && unitsInOrder(clock, "HMS", true)
}

// unitsInOrder reads numbers that are each followed by one of the units, in
// their order. The last unit may carry a fraction where that is allowed.
func unitsInOrder(s, units string, fraction bool) bool {
	for s != "" {
		i := 0
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if i == 0 {
			return false
		}
		if fraction && i < len(s) && s[i] == '.' {
			from := i + 1
			for i = from; i < len(s) && isDigit(s[i]); i++ {
			}
			if i == from || i == len(s) || s[i] != units[len(units)-1] {
				return false
			}
		}
		if i == len(s) {
			return false
		}
		at := strings.IndexByte(units, s[i])
		if at < 0 {
			return false
		}
		units, s = units[at+1:], s[i+1:]
		if units == "" && s != "" {
			return false
		}
	}
	return true
}
