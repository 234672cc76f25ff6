package judge

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

func operation(t testing.TB, contract, id string) *specs.Operation {
	t.Helper()
	c, err := specs.Open(contract)
	if err != nil {
		t.Fatal(err)
	}
	op := c.Operation(id)
	if op == nil {
		t.Fatalf("no operation %s", id)
	}
	return op
}

const parcel = `{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":1}`

func TestResponse(t *testing.T) {
	op := operation(t, "../testdata/parcels", "getParcel")
	for _, tc := range []struct {
		name     string
		status   int
		kind     string // of the content, "" for none
		body     string
		in, path string
		finding  string // kind of the one finding; "" for none
		severity reports.Severity
	}{
		{"good", 200, "application/json", parcel, "", "", "", ""},
		{"good with charset", 200, "application/json; charset=utf-8", parcel, "", "", "", ""},
		{"field of another type", 200, "application/json", `{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":"1"}`, "body", "/weight", "type", "error"},
		{"field missing", 200, "application/json", `{"id":"2b0c3d4e-0000-4000-8000-000000000001","weight":1}`, "body", "/number", "missing", "error"},
		{"not a uuid", 200, "application/json", `{"id":"1","number":"A","weight":1}`, "body", "/id", "format", "error"},
		{"malformed", 200, "application/json", `{"id":`, "body", "", "malformed", "error"},
		{"no body", 200, "application/json", "", "body", "", "missing", "error"},
		{"another media type", 200, "text/plain", parcel, "header", "Content-Type", "header", "error"},
		{"no media type", 200, "", parcel, "header", "Content-Type", "header", "error"},
		{"the error shape is judged too", 404, "application/problem+json", `{"title":"no"}`, "body", "/status", "missing", "error"},
		{"an undocumented status", 299, "", "", "status", "", "status", "error"},
		{"plain HTTP: method", 405, "", "", "status", "", "status", "warning"},
		{"plain HTTP: too many", 429, "", "", "status", "", "status", "warning"},
		{"plain HTTP: a gateway", 502, "text/html", "<html/>", "status", "", "status", "warning"},
		{"a redirect is none of the contract", 302, "", "", "status", "", "status", "error"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := http.Header{}
			if tc.kind != "" {
				h.Set("Content-Type", tc.kind)
			}
			j := Response(op, Message{Status: tc.status, Header: h, Body: []byte(tc.body)})
			if tc.finding == "" {
				if len(j.Findings) > 0 {
					t.Errorf("found %+v, expected nothing", j.Findings)
				}
				return
			}
			if len(j.Findings) != 1 {
				t.Fatalf("found %+v, expected one", j.Findings)
			}
			f := j.Findings[0]
			if f.In != tc.in || f.Path != tc.path || f.Kind != tc.finding || f.Severity != tc.severity || f.Expected == "" || f.Actual == "" {
				t.Errorf("found %+v, expected %s at %s %s, severity %s", f, tc.finding, tc.in, tc.path, tc.severity)
			}
		})
	}
}

func TestAllFindingsTogether(t *testing.T) {
	op := operation(t, "../testdata/parcels", "getParcel")
	j := Response(op, Message{Status: 200, Header: http.Header{"Content-Type": {"text/json"}}, Body: []byte(`{"id":1,"weight":0,"kind":"bag"}`)})
	if len(j.Findings) != 5 {
		t.Errorf("%d findings, expected media type, id, number, weight and kind: %+v", len(j.Findings), j.Findings)
	}
}

// Codes inside a response are outcomes of their own, and 200 is not yet a success.
func TestCodesOfTheInnerLayers(t *testing.T) {
	op := operation(t, "otms", "shipPointRemove")
	example := op.Contract().Example("shipPointRemove", "documented")
	if example == nil || example.Response == nil {
		t.Fatal("the contract has no documented example of the removal")
	}
	h := http.Header{"Content-Type": {example.Response.MediaType}}
	j := Response(op, Message{Status: 200, Header: h, Body: example.Response.Body})
	if len(j.Outcomes) < 2 || j.Outcomes[0].Ref != "http:200" {
		t.Fatalf("outcomes %+v, expected the status and codes inside", j.Outcomes)
	}
	refused := op.Refusal("bad-credentials")
	for _, e := range op.Examples() {
		if e.Response == nil || e.Response.Status != 200 {
			continue
		}
		j := Response(op, Message{Status: 200, Header: h, Body: e.Response.Body})
		if refused != nil && j.Saw(refused.Ref()) && j.Success() {
			t.Errorf("%s carries %s and counts as a success", e.Name, refused.Ref())
		}
	}
}

func TestRequest(t *testing.T) {
	op := operation(t, "../testdata/parcels", "addParcel")
	for _, tc := range []struct {
		name, kind, body string
		path, finding    string
	}{
		{"good", "application/json", `{"number":"A","weight":1}`, "", ""},
		{"missing", "application/json", `{"number":"A"}`, "/weight", "missing"},
		{"no body", "application/json", "", "", "missing"},
		{"media type", "text/plain", `{"number":"A","weight":1}`, "Content-Type", "header"},
	} {
		j := Request(op, Call{Query: url.Values{}, Header: http.Header{"Content-Type": {tc.kind}}, Body: []byte(tc.body)})
		switch {
		case tc.finding == "" && len(j.Findings) > 0:
			t.Errorf("%s: found %+v", tc.name, j.Findings)
		case tc.finding != "" && (len(j.Findings) != 1 || j.Findings[0].Kind != tc.finding || j.Findings[0].Path != tc.path):
			t.Errorf("%s: found %+v, expected %s at %s", tc.name, j.Findings, tc.finding, tc.path)
		}
	}
}

// A status that no document names need not come with a body; one that a document
// names must.
func TestBodyOfAnInferredStatus(t *testing.T) {
	op := operation(t, "otm5", "putVehicle")
	for _, tc := range []struct {
		status   int
		severity reports.Severity
		reason   string
	}{
		{415, reports.SeverityInfo, "415 is plain HTTP; the contract infers it"},
		{400, reports.SeverityError, "400 is documented with a list of entries"},
	} {
		j := Response(op, Message{Status: tc.status, Header: http.Header{}})
		if len(j.Findings) != 1 || j.Findings[0].Severity != tc.severity || j.Findings[0].Kind != "missing" {
			t.Errorf("%d without a body: found %+v, expected %s: %s", tc.status, j.Findings, tc.severity, tc.reason)
		}
	}
}
