package conformance_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
)

const parcelsBundle = "testdata/parcels"

func runParcels(t *testing.T, h http.Handler) *reports.Report {
	t.Helper()
	target := serve(t, h)
	return run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target, ProviderStates: target + "/states"})
}

// An implementation that was written by hand from the page, without a part of this
// project, is judged conformant: the suite demands nothing that the page does not say.
func TestGoodServerIsConformant(t *testing.T) {
	r := runParcels(t, &parcels{})
	if r.Verdict != reports.Conformant || len(r.Deviations) > 0 {
		tell(t, r, 20)
		t.Fatalf("verdict %s", r.Verdict)
	}
	for _, o := range r.Coverage.Outcomes {
		if o.Documented && !o.Observed {
			t.Errorf("%s %s:%s was not observed: %s", o.Operation, o.Layer, o.Code, o.WhyNot)
		}
	}
	for _, q := range r.Coverage.Requirements {
		if q.Status != "held" {
			t.Errorf("%s is %s", q.ID, q.Status)
		}
	}
}

// Each flaw is found, by a scenario that is about it, and the verdict says so.
func TestFlawsAreFound(t *testing.T) {
	for _, tc := range []struct {
		name    string
		server  *parcels
		verdict reports.Verdict
		// scenario that must not pass, with a deviation of that kind
		scenario, kind string
		reason         string
	}{
		{"ignores credentials", &parcels{ignoresAuth: true}, reports.NonConformant, "generated.addParcel.no-credentials", "status", "401 is documented"},
		{"ignores wrong credentials", &parcels{ignoresAuth: true}, reports.NonConformant, "generated.getParcel.wrong-credentials", "status", "401 is documented"},
		{"accepts everything", &parcels{acceptsEverything: true}, reports.NonConformant, "generated.addParcel.missing/number", "status", "number is required"},
		{"200 with an error inside", &parcels{errorInBody: true}, reports.NonConformant, "generated.addParcel.malformed", "status", "a refusal has a status of its own"},
		{"loses every tenth write", &parcels{losesTenth: true}, reports.NonConformant, "generated.addParcel.kept", "status", "what was written is read"},
		{"right for the example alone", &parcels{examplesOnly: true}, reports.NonConformant, "parcels.create-and-read", "value", "the number was another"},
		{"text for a number", &parcels{weightAsText: true}, reports.NonConformant, "parcels.create-and-read", "type", "weight is a number"},
		{"leaks", &parcels{leaks: true}, reports.Conformant, "parcels.foreign", "status", "the requirement is inferred: a warning"},
		{"allows a duplicate", &parcels{duplicates: true}, reports.NonConformant, "parcels.duplicate", "status", "a number is unique"},
		{"the wrong 4xx", &parcels{wrong4xx: true}, reports.NonConformant, "generated.addParcel.missing/number", "status", "422 is documented, not 400"},
		{"a refused write changes something", &parcels{overwrites: true}, reports.NonConformant, "generated.addParcel.unchanged", "value", "refused is refused"},
		{"an undocumented status", &parcels{extraStatus: 299}, reports.NonConformant, "parcels.create-and-read", "status", "299 is not listed"},
		{"no content type", &parcels{noType: true}, reports.NonConformant, "parcels.create-and-read", "header", "application/json is documented"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			// One after the other: which write is the tenth must not be left to chance.
			target := serve(t, tc.server)
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target, ProviderStates: target + "/states", Parallel: 1})
			if r.Verdict != tc.verdict {
				tell(t, r, 20)
				t.Fatalf("verdict %s, expected %s: %s", r.Verdict, tc.verdict, tc.reason)
			}
			for _, d := range r.Deviations {
				if d.Scenario == tc.scenario && d.Kind == tc.kind {
					return
				}
			}
			tell(t, r, 20)
			t.Errorf("%s has no deviation of the kind %s: %s", tc.scenario, tc.kind, tc.reason)
		})
	}
}

// An operation that is not there is one finding, not one per case.
func TestAbsentOperationIsOneFinding(t *testing.T) {
	r := runParcels(t, &parcels{noRead: true})
	about := 0
	for _, d := range r.Deviations {
		if d.Operation == "getParcel" {
			about++
		}
	}
	if r.Verdict != reports.NonConformant || about != 1 {
		tell(t, r, 20)
		t.Fatalf("verdict %s with %d findings on getParcel, expected one", r.Verdict, about)
	}
	notSupported := 0
	for _, s := range r.Scenarios {
		if s.Status == reports.NotSupported && strings.Contains(s.Why, "not there") {
			notSupported++
		}
	}
	if notSupported == 0 {
		t.Error("no scenario says that the operation is not there")
	}
}

// A wrong body that is accepted is said first, with the field that is wrong, and not
// what else looks odd in the answer.
func TestAcceptedBodyNamesTheField(t *testing.T) {
	r := runParcels(t, &parcels{acceptsEverything: true})
	for _, s := range r.Scenarios {
		if s.ID != "generated.addParcel.missing/number" {
			continue
		}
		for _, d := range r.Deviations {
			if d.ID != s.Steps[0].Deviations[0] {
				continue
			}
			if d.In != "status" || !strings.HasSuffix(d.Expected, "since the body has no /number") {
				t.Errorf("the first deviation is %s, expected %q", d.In, d.Expected)
			}
			return
		}
	}
	t.Error("the case has no deviation")
}
