package reports_test

import (
	"slices"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
)

// Each deviation is of the kind that its author would call it.
func TestFamilies(t *testing.T) {
	for _, one := range []struct {
		in, kind, expected, actual string
		waived                     bool
		want                       string
	}{
		{"status", "status", "422 Unprocessable Entity", "200 OK", false, "accepts-what-must-be-refused"},
		{"status", "status", "a refusal: 401 Unauthorized or 403 Forbidden", "200 OK: accepted", false, "accepts-what-must-be-refused"},
		{"status", "status", "201", "302 Found", false, "other-status"},
		{"status", "status", "201 Created", "400 Bad Request", false, "refuses-what-must-be-accepted"},
		{"status", "status", "201 Created", "200 OK", false, "other-status"},
		{"status", "status", "404", "400", false, "refuses-otherwise"},
		{"status", "status", "a refusal: 422 Unprocessable Entity", "404", false, "refuses-otherwise"},
		{"status", "status", "404", "500", false, "fails"},
		{"status", "unreachable", "an answer", "none", false, "no-answer"},
		{"status", "status", "", "", false, "other-status"},
		{"body", "missing", "string", "absent", false, "lacks"},
		{"body", "unexpected", "", "x", false, "surplus"},
		{"body", "enum", "one of a, b", "c", false, "breaks-schema"},
		{"body", "value", "1", "2", false, "other-value"},
		{"body", "order", "a, b", "b, a", false, "order"},
		{"body", "malformed", "JSON", "<", false, "malformed"},
		{"body", "code", "7009", "0", false, "other-code"},
		{"header", "missing", "Location", "absent", false, "headers"},
		{"state", "value", "unchanged", "changed", false, "state"},
		{"body", "something new", "", "", false, "other-value"},
		{"body", "missing", "string", "absent", true, "waived"},
	} {
		d := reports.Deviation{Operation: "o", In: one.in, Kind: one.kind, Expected: one.expected, Actual: one.actual, Severity: reports.SeverityError}
		if one.waived {
			d.Waived = &reports.Waiver{}
		}
		all := reports.Families(reports.Groups([]reports.Deviation{d}))
		if len(all) != 1 || all[0].ID != one.want || all[0].Title == "" || all[0].Hint == "" {
			t.Errorf("%s %s, expected %q and found %q: expected the family %s, found %+v", one.in, one.kind, one.expected, one.actual, one.want, all)
		}
	}
}

// The gravest come first, then the most frequent; what is waived is last.
func TestFamiliesAreOrdered(t *testing.T) {
	of := func(n int, in, kind string, severity reports.Severity, waived *reports.Waiver) (list []reports.Deviation) {
		for range n {
			list = append(list, reports.Deviation{Operation: "o", In: in, Path: "/a", Kind: kind, Severity: severity, Waived: waived})
		}
		return list
	}
	var all []reports.Deviation
	all = append(all, of(9, "body", "unexpected", reports.SeverityInfo, nil)...)
	all = append(all, of(9, "body", "order", reports.SeverityError, &reports.Waiver{})...)
	all = append(all, of(1, "body", "missing", reports.SeverityError, nil)...)
	all = append(all, of(2, "body", "enum", reports.SeverityError, nil)...)
	var found []string
	for _, f := range reports.Families(reports.Groups(all)) {
		found = append(found, f.ID)
	}
	if want := []string{"breaks-schema", "lacks", "surplus", "waived"}; !slices.Equal(found, want) {
		t.Errorf("expected %v, found %v", want, found)
	}
}
