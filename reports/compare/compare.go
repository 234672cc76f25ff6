// Package compare says what changed between two reports of the same contract: new,
// fixed and changed deviations, and what is no longer covered. Times, durations,
// made-up ids and the order of things never count: two runs of the same suite
// against the same implementation differ in nothing.
//
// It speaks in the words of specs/drift, so that both kinds of drift print alike.
package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs/drift"
)

// Rules lists what can change between two reports.
func Rules() []drift.Rule {
	rule := func(id string, severity drift.Severity, about string) drift.Rule {
		return drift.Rule{ID: id, Area: "report", Request: severity, Response: severity, About: about}
	}
	return []drift.Rule{
		rule("verdict-worse", drift.Breaking, "the verdict is worse"),
		rule("verdict-better", drift.Info, "the verdict is better"),
		rule("deviation-new", drift.Breaking, "there is a new error"),
		rule("deviation-new-warning", drift.Warning, "there is a new warning"),
		rule("deviation-new-info", drift.Info, "there is a new remark, or a new deviation that is waived"),
		rule("deviation-fixed", drift.Info, "a deviation is gone"),
		rule("deviation-not-reached", drift.Warning, "a deviation is not told any more because its step was not reached"),
		rule("deviation-worse", drift.Breaking, "a deviation is an error now, or no longer waived"),
		rule("deviation-better", drift.Info, "a deviation weighs less now, or is waived"),
		rule("deviation-changed", drift.Info, "a deviation is still there, and something else was expected or found"),
		rule("scenario-removed", drift.Warning, "a scenario is not in the report any more"),
		rule("scenario-added", drift.Info, "there is a new scenario"),
		rule("scenario-lost", drift.Warning, "a scenario that ran to its end was not reached, or is not supported"),
		rule("scenario-gained", drift.Info, "a scenario that was not reached or not supported ran to its end"),
		rule("scenario-error", drift.Breaking, "the suite could not do a scenario that it could do before"),
		rule("operation-coverage-lost", drift.Warning, "an operation is not called any more"),
		rule("outcome-coverage-lost", drift.Warning, "an outcome is not seen any more"),
		rule("field-coverage-lost", drift.Warning, "a field is not seen any more"),
		rule("requirement-coverage-lost", drift.Warning, "a requirement is not tested any more"),
		rule("contract-changed", drift.Info, "the reports were made with different contracts"),
	}
}

// comparison collects the changes between two reports.
type comparison struct {
	old, now   *reports.Report
	severities map[string]drift.Severity
	noise      []*regexp.Regexp
	quoted     *regexp.Regexp // values, as deviations show them
	// What each scenario sent, by its id.
	sentBefore, sentNow map[string]string
	changes             []drift.Change
	open                []drift.Change
}

// Reports gives what changed, sorted, and the deviations that both have. The error
// says that the reports are about different contracts.
func Reports(old, now *reports.Report) (changes, open []drift.Change, err error) {
	if old.Suite.Contract != now.Suite.Contract {
		return nil, nil, fmt.Errorf("the old report is about the contract %s, the new one about %s: they cannot be compared", old.Suite.Contract, now.Suite.Contract)
	}
	c := &comparison{old: old, now: now, severities: map[string]drift.Severity{}, noise: noise(), quoted: regexp.MustCompile(`"[^"]{2,}"`),
		sentBefore: sent(old), sentNow: sent(now)}
	for _, r := range Rules() {
		c.severities[r.ID] = r.Response
	}
	c.verdict()
	c.deviations()
	c.scenarios()
	c.coverage()
	return drift.Sorted(c.changes), drift.Sorted(c.open), nil
}

func (c *comparison) add(id, operation, path, what string, args ...any) {
	c.changes = append(c.changes, drift.Change{ID: id, Direction: drift.Both, Severity: c.severities[id], Operation: operation, Path: path, What: fmt.Sprintf(what, args...)})
}

func (c *comparison) verdict() {
	order := []reports.Verdict{reports.Inconclusive, reports.NonConformant, reports.Partial, reports.Conformant}
	a, b := slices.Index(order, c.old.Verdict), slices.Index(order, c.now.Verdict)
	switch {
	case b < a:
		c.add("verdict-worse", "", "verdict", "the verdict is %s, and was %s", c.now.Verdict, c.old.Verdict)
	case b > a:
		c.add("verdict-better", "", "verdict", "the verdict is %s, and was %s", c.now.Verdict, c.old.Verdict)
	}
	if c.old.Suite.ContractDigest != c.now.Suite.ContractDigest {
		c.add("contract-changed", "", "contract", "the contract is not the same (version %s now, %s before): compare the contracts too", c.now.Suite.ContractVersion, c.old.Suite.ContractVersion)
	}
}

func (c *comparison) deviations() {
	was := map[string]reports.Deviation{}
	for _, d := range c.old.Deviations {
		was[d.ID] = d
	}
	is := map[string]bool{}
	for _, d := range c.now.Deviations {
		is[d.ID] = true
		old, known := was[d.ID]
		if !known {
			id := "deviation-new"
			switch {
			case d.Waived != nil || d.Severity == reports.SeverityInfo:
				id = "deviation-new-info"
			case d.Severity == reports.SeverityWarning:
				id = "deviation-new-warning"
			}
			c.add(id, d.Operation, d.Path, "new: %s", words(d))
			continue
		}
		c.open = append(c.open, drift.Change{ID: d.ID, Direction: drift.Both, Severity: severity(d), Operation: d.Operation, Path: d.Path, What: words(d)})
		switch a, b := weight(old), weight(d); {
		case b > a:
			c.add("deviation-worse", d.Operation, d.Path, "%s now, %s before: %s", state(d), state(old), words(d))
		case b < a:
			c.add("deviation-better", d.Operation, d.Path, "%s now, %s before: %s", state(d), state(old), words(d))
		case c.quiet(old.Expected, c.sentBefore[d.Scenario]) != c.quiet(d.Expected, c.sentNow[d.Scenario]) || c.quiet(old.Actual, c.sentBefore[d.Scenario]) != c.quiet(d.Actual, c.sentNow[d.Scenario]):
			c.add("deviation-changed", d.Operation, d.Path, "%s; before: expected %s, found %s", words(d), old.Expected, old.Actual)
		}
	}
	reached := map[string]reports.Status{}
	for _, s := range c.now.Scenarios {
		reached[s.ID] = s.Status
	}
	for _, d := range c.old.Deviations {
		if is[d.ID] {
			continue
		}
		switch status := reached[d.Scenario]; status {
		case "", reports.NotReached, reports.NotSupported, reports.Error:
			if status == "" {
				status = "not in the report"
			}
			c.add("deviation-not-reached", d.Operation, d.Path, "not known to be fixed, its scenario is %s: %s", status, words(d))
		default:
			c.add("deviation-fixed", d.Operation, d.Path, "fixed: %s", words(d))
		}
	}
}

func words(d reports.Deviation) string {
	at := d.In
	if d.Path != "" {
		at += " " + d.Path
	}
	return fmt.Sprintf("%s: expected %s, found %s (%s, scenario %s)", at, d.Expected, d.Actual, d.Kind, d.Scenario)
}

// weight ranks a deviation: what is waived weighs nothing.
func weight(d reports.Deviation) int {
	if d.Waived != nil {
		return 0
	}
	return 1 + slices.Index([]reports.Severity{reports.SeverityInfo, reports.SeverityWarning, reports.SeverityError}, d.Severity)
}

func state(d reports.Deviation) string {
	if d.Waived != nil {
		return "waived"
	}
	return string(d.Severity)
}

func severity(d reports.Deviation) drift.Severity {
	switch {
	case d.Waived != nil || d.Severity == reports.SeverityInfo:
		return drift.Info
	case d.Severity == reports.SeverityWarning:
		return drift.Warning
	}
	return drift.Breaking
}

// noise matches what differs from run to run.
func noise() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`),
		regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?`),
		regexp.MustCompile(`\d{4}-\d\d-\d\d`),
		regexp.MustCompile(`\b\d+(\.\d+)?\s?(ns|µs|ms|s|m)\b`),
		regexp.MustCompile(`(localhost|127\.0\.0\.1|\[::1\]):\d+`),
		regexp.MustCompile(`\b[0-9A-Z]{10,}\b`), // ${unique} and tokens
		regexp.MustCompile(`\b[0-9a-f]{16,}\b`),
	}
}

// sent gives what each scenario sent. A value in it that another run has another one for
// was made up: plates, numbers and names of things that must be unique.
func sent(r *reports.Report) map[string]string {
	all := map[string]string{}
	for _, s := range r.Scenarios {
		var b strings.Builder
		for _, step := range s.Steps {
			x := step.Exchange.Open()
			b.WriteString(x.Request.URL + "\n" + x.Request.Body + "\n")
		}
		all[s.ID] = b.String()
	}
	return all
}

// quiet leaves out what differs from run to run.
func (c *comparison) quiet(s, sent string) string {
	s = c.quoted.ReplaceAllStringFunc(s, func(value string) string {
		if strings.Contains(sent, strings.Trim(value, `"`)) {
			return "…"
		}
		return value
	})
	for _, pattern := range c.noise {
		s = pattern.ReplaceAllString(s, "…")
	}
	return strings.Join(strings.Fields(s), " ")
}

// ran tells whether a scenario came to its end.
func ran(s reports.Status) bool {
	return s != reports.NotReached && s != reports.NotSupported && s != reports.Error
}

func (c *comparison) scenarios() {
	was := map[string]reports.Scenario{}
	for _, s := range c.old.Scenarios {
		was[s.ID] = s
	}
	is := map[string]bool{}
	for _, s := range c.now.Scenarios {
		is[s.ID] = true
		old, known := was[s.ID]
		switch {
		case !known:
			c.add("scenario-added", "", s.ID, "there is a new scenario, %s: %s", s.ID, s.Status)
		case old.Status == s.Status:
		case s.Status == reports.Error:
			c.add("scenario-error", "", s.ID, "the suite could not do %s, which was %s: %s", s.ID, old.Status, s.Why)
		case ran(old.Status) && !ran(s.Status):
			c.add("scenario-lost", "", s.ID, "%s is %s now, and was %s: %s", s.ID, s.Status, old.Status, s.Why)
		case !ran(old.Status) && ran(s.Status):
			c.add("scenario-gained", "", s.ID, "%s is %s now, and was %s", s.ID, s.Status, old.Status)
		}
	}
	for _, s := range c.old.Scenarios {
		if !is[s.ID] {
			c.add("scenario-removed", "", s.ID, "the scenario %s is not in the new report; it was %s", s.ID, s.Status)
		}
	}
}

func (c *comparison) coverage() {
	a, b := c.old.Coverage, c.now.Coverage
	called := map[string]bool{}
	for _, o := range b.Operations {
		called[o.Operation] = o.Exercised
	}
	for _, o := range a.Operations {
		if o.Exercised && !called[o.Operation] {
			c.add("operation-coverage-lost", o.Operation, "", "the operation %s is not called any more", o.Operation)
		}
	}
	key := func(o reports.OutcomeCoverage) string { return o.Operation + " " + o.Layer + ":" + o.Code }
	seen := map[string]reports.OutcomeCoverage{}
	for _, o := range b.Outcomes {
		seen[key(o)] = o
	}
	for _, o := range a.Outcomes {
		if now := seen[key(o)]; o.Observed && !now.Observed {
			why := now.WhyNot
			if why != "" {
				why = ": " + why
			}
			c.add("outcome-coverage-lost", o.Operation, o.Layer+":"+o.Code, "%s:%s is not seen any more%s", o.Layer, o.Code, why)
		}
	}
	fields := map[reports.FieldCoverage]bool{}
	for _, f := range b.Fields {
		fields[f] = true
	}
	for _, f := range a.Fields {
		if f.Seen && !fields[f] {
			c.add("field-coverage-lost", f.Operation, f.Path, "the field %s of the %s is not seen any more", f.Path, f.Direction)
		}
	}
	tested := map[string]string{}
	for _, r := range b.Requirements {
		tested[r.ID] = r.Status
	}
	for _, r := range a.Requirements {
		if now := tested[r.ID]; (r.Status == "held" || r.Status == "violated") && now != "held" && now != "violated" {
			if now == "" {
				now = "not in the report"
			}
			c.add("requirement-coverage-lost", "", r.ID, "%s is %s now, and was %s", r.ID, now, r.Status)
		}
	}
}
