package reports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
)

func exchangeNumber(i int) reports.Exchange {
	return reports.Exchange{
		Request: reports.Request{Method: "POST", URL: fmt.Sprintf("http://127.0.0.1/orders/%d", i), Headers: map[string][]string{"Accept": {"application/json"}, "X-Step": {fmt.Sprint(i)}},
			Body: strings.Repeat(`{"a": "<b> & \u2028 ä"}`, 20)},
		Response: reports.Response{Status: 200 + i%3, Headers: map[string][]string{"Content-Type": {"text/plain", "x"}}, Body: fmt.Sprintf("body %d", i), BodyCut: i % 2, Error: strings.Repeat("e", i%2)},
	}
}

// What is put on a shelf comes back as it was, whoever else puts something there
// and whether it was packed meanwhile.
func TestAShelfGivesBackWhatWasPutThere(t *testing.T) {
	var shelf reports.Shelf
	kept := make([]reports.Exchange, 3000)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := w; i < len(kept); i += 4 {
				kept[i] = shelf.Put(exchangeNumber(i))
				if i > 8 && !reflect.DeepEqual(kept[i-8].Open(), exchangeNumber(i-8)) {
					t.Errorf("exchange %d changed while others came", i-8)
				}
			}
		})
	}
	all.Wait()
	for i, x := range kept {
		if x.Request.URL != "" || x.Empty() {
			t.Fatalf("exchange %d does not lie on the shelf", i)
		}
		if got := x.Open(); !reflect.DeepEqual(got, exchangeNumber(i)) {
			t.Fatalf("exchange %d came back as %+v", i, got)
		}
	}
	if again := shelf.Put(kept[7]); !reflect.DeepEqual(again, kept[7]) {
		t.Error("what lies on a shelf is put there again")
	}
	if none := shelf.Put(reports.Exchange{}); !none.Empty() || !reflect.DeepEqual(none, reports.Exchange{}) {
		t.Error("nothing was put on the shelf")
	}
}

// Every renderer writes the same, whether exchanges lie on a shelf or not.
func TestRenderersDoNotSeeTheShelf(t *testing.T) {
	poisoned := poisoned()
	for i := range poisoned.Scenarios {
		for k := range poisoned.Scenarios[i].Steps {
			x := &poisoned.Scenarios[i].Steps[k].Exchange
			*x = throughJSON(t, *x)
		}
	}
	for name, plain := range map[string]*reports.Report{"sample": sample(), "poisoned": poisoned} {
		var shelf reports.Shelf
		shelved := *plain
		shelved.Scenarios = nil
		for _, sc := range plain.Scenarios {
			steps := append([]reports.Step{}, sc.Steps...)
			for i := range steps {
				steps[i].Exchange = shelf.Put(steps[i].Exchange)
			}
			sc.Steps = steps
			shelved.Scenarios = append(shelved.Scenarios, sc)
		}
		for _, f := range reports.Formats() {
			var one, other bytes.Buffer
			if err := f.Render(&one, plain); err != nil {
				t.Fatal(err)
			}
			if err := f.Render(&other, &shelved); err != nil {
				t.Fatal(err)
			}
			if one.String() != other.String() {
				t.Errorf("%s: the %s report differs", name, f.Name)
			}
		}
	}
}

// throughJSON gives what report.json would hold of an exchange.
func throughJSON(t *testing.T, x reports.Exchange) (read reports.Exchange) {
	text, err := json.Marshal(x)
	if err == nil {
		err = json.Unmarshal(text, &read)
	}
	if err != nil {
		t.Fatal(err)
	}
	return read
}
