package generate_test

import (
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance/generate"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Where a person stands for the behaviour and no written scenario says more, a record
// shows each member that was written; what is only guessed is not held so far.
func TestWhatIsReadIsWhole(t *testing.T) {
	own := scenarios.Scenario{Steps: []*scenarios.Step{{ID: "add", Operation: "addParcel"}}}
	for _, tc := range []struct {
		name    string
		guessed bool
		known   []*scenarios.Scenario
		want    bool
	}{
		{"confirmed", false, nil, true},
		{"a guess", true, nil, false},
		{"told by a scenario", false, []*scenarios.Scenario{&own}, false},
	} {
		c, err := specs.Open("../testdata/parcels")
		if err != nil {
			t.Fatal(err)
		}
		c.Behaviour.Inferred = tc.guessed
		var compared []string
		for _, s := range generate.Cases(c, tc.known) {
			if s.ID != "generated.addParcel.kept" {
				continue
			}
			for _, e := range s.Steps[1].Expect.Body {
				if strings.HasPrefix(e.Matcher.Literal.Value, "${write-1.request:") {
					compared = append(compared, e.Path)
				}
			}
		}
		if got := strings.Contains(strings.Join(compared, " "), "/number"); got != tc.want {
			t.Errorf("%s: compared are %v", tc.name, compared)
		}
	}
}
