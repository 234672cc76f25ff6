package generate

import (
	"slices"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

func ids(list []*scenarios.Scenario) []string {
	var all []string
	for _, s := range list {
		all = append(all, s.ID)
	}
	return all
}

func cases(t *testing.T, contract string) []*scenarios.Scenario {
	t.Helper()
	c, err := specs.Open(contract)
	if err != nil {
		t.Fatal(err)
	}
	return Cases(c, nil)
}

// The list of a small contract, written out: what is missing here is not tested,
// and what is too much is stricter than the contract.
func TestCasesOfASmallContract(t *testing.T) {
	want := []string{
		"generated.addParcel.no-credentials", "generated.addParcel.wrong-credentials", "generated.addParcel.method",
		"generated.addParcel.media-type", "generated.addParcel.malformed", "generated.addParcel.empty",
		"generated.addParcel.missing/number", "generated.addParcel.null/number", "generated.addParcel.type/number",
		"generated.addParcel.blank/number", "generated.addParcel.too-long/number",
		"generated.addParcel.missing/weight", "generated.addParcel.null/weight", "generated.addParcel.type/weight",
		"generated.addParcel.negative/weight",
		"generated.addParcel.null/kind", "generated.addParcel.type/kind", "generated.addParcel.blank/kind", "generated.addParcel.value/kind",
		"generated.addParcel.too-long/kind", "generated.addParcel.served", "generated.addParcel.kept", "generated.addParcel.unchanged",
		"generated.getParcel.no-credentials", "generated.getParcel.wrong-credentials", "generated.getParcel.method",
		"generated.getParcel.served", "generated.getParcel.unknown",
	}
	if have := ids(cases(t, "../testdata/parcels")); !slices.Equal(have, want) {
		t.Errorf("cases:\n%s\nexpected:\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

// Ids are unique, the same in every run, and the scenarios are sound by their own
// checks against the contract.
func TestCasesOfTheBuiltInContracts(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			first, second := cases(t, name), cases(t, name)
			if len(first) == 0 || !slices.Equal(ids(first), ids(second)) {
				t.Fatalf("%d and %d cases, expected the same list twice", len(first), len(second))
			}
			sorted := slices.Sorted(slices.Values(ids(first)))
			if len(slices.Compact(sorted)) != len(first) {
				t.Error("an id is used twice")
			}
			c, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := scenarios.Check(c, first); err != nil {
				t.Error(err)
			}
			for _, s := range first {
				if s.Title == "" || s.Source == "" || s.Profile == "" {
					t.Errorf("%s has no title, source or profile", s.ID)
				}
			}
			t.Logf("%d cases", len(first))
		})
	}
}

// An outcome that a written scenario asks for is left to it.
func TestArmedCasesLeaveOutWhatIsWritten(t *testing.T) {
	c, err := specs.Open("otms")
	if err != nil {
		t.Fatal(err)
	}
	armed := func(list []*scenarios.Scenario) *scenarios.Scenario {
		i := slices.IndexFunc(list, func(s *scenarios.Scenario) bool { return len(s.Given) > 0 })
		if i < 0 {
			return nil
		}
		return list[i]
	}
	s := armed(Cases(c, nil))
	if s == nil {
		t.Fatal("no case needs the provider state outcome")
	}
	if slices.Contains(ids(Cases(c, []*scenarios.Scenario{s})), s.ID) {
		t.Errorf("%s is made although it is written", s.ID)
	}
}

// Limits are tested at the limit: 21 characters where 20 are allowed.
func TestLimitsAreTight(t *testing.T) {
	for _, s := range cases(t, "../testdata/parcels") {
		for _, a := range s.Steps[0].Request.Set {
			switch s.ID {
			case "generated.addParcel.too-long/number":
				if a.Path == "/number" && len(a.Value.Value) != 21 {
					t.Errorf("a number of %d characters, expected 21", len(a.Value.Value))
				}
			case "generated.addParcel.negative/weight":
				if a.Path == "/weight" && a.Value.Value != "0" {
					t.Errorf("a weight of %s, expected 0, the nearest that is refused", a.Value.Value)
				}
			}
		}
	}
}

// Where the document forgot to say that a body is required, its absence is no error.
func TestAnEmptyBodyThatNobodyForbids(t *testing.T) {
	weak := func(contract, id string) bool {
		for _, s := range cases(t, contract) {
			if s.ID == id {
				return s.Steps[0].Expect.Weak
			}
		}
		t.Fatalf("there is no case %s", id)
		return false
	}
	if !weak("otm5", "generated.putVehicle.empty") {
		t.Error("an empty PUT of a vehicle is an error, although its requestBody is not required")
	}
	if weak("../testdata/parcels", "generated.addParcel.empty") {
		t.Error("an empty body is a warning, although the document requires one")
	}
}

// Cases start from an example in full, not from one that leaves out what the page
// folded and another example gives.
func TestCasesStartFromTheCorrectedExample(t *testing.T) {
	for _, s := range cases(t, "otm5") {
		if from := s.Steps[0].Request.Example; s.ID == "generated.putTransportOrder.kept" && from != "corrected" {
			t.Errorf("%s starts from %q", s.ID, from)
		}
	}
}

// Every case is of a kind that requirements.yaml may name, and those of the contracts
// that name them have a requirement.
func TestCasesNameRequirements(t *testing.T) {
	tests := map[string][]string{}
	for _, name := range specs.BuiltIn() {
		for _, s := range cases(t, name) {
			tests[s.ID] = s.Requirements
			word := kind(s.ID[strings.LastIndex(s.ID[:strings.IndexAny(s.ID+"/", "/")], ".")+1:])
			if strings.Contains(s.ID, ".outcome.") {
				word = "outcome"
			}
			if !slices.Contains(specs.CaseKinds(), word) {
				t.Errorf("%s is of the kind %q, which is not in CaseKinds", s.ID, word)
			}
		}
	}
	for id, want := range map[string][]string{
		"generated.addShippingOrder.missing/number": {"TE-019"},
		"generated.addShippingOrder.unchanged":      {"TE-016", "TE-020"},
		"generated.getOrder.no-scope":               {"TE-043"},
		"generated.putTrip.type/status":             {"OTM5-016"},
		"generated.putTrip.removed":                 {"OTM5-003"},
		"generated.putTrip.kept":                    {"OTM5-001", "OTM5-005"},
	} {
		if have, found := tests[id]; !found || !slices.Equal(have, want) {
			t.Errorf("%s (there: %v) tests %v, expected %v", id, found, have, want)
		}
	}
}
