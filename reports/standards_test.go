package reports_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs/drift"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// whatIsPrinted gives the output of a format for reports and drifts of every kind.
func whatIsPrinted(t *testing.T, format string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for name, r := range map[string]*reports.Report{"sample": sample(), "poisoned": poisoned(), "nothing": {Suite: reports.Suite{Contract: "x"}, Verdict: reports.Inconclusive}} {
		write := map[string]func(io.Writer, *reports.Report) error{"sarif": reports.SARIF, "junit": reports.JUnit}[format]
		all["report, "+name] = []byte(render(t, write, r))
	}
	changes := drift.Sorted([]drift.Change{
		{ID: "xsd-element-removed", Direction: drift.Request, Severity: drift.Breaking, Operation: "add", Path: "/a", What: "gone <b>\x1b[1m", Where: "main:a b.xsd:3", Near: "a b.xsd:2"},
		{ID: "server-added", Direction: drift.Both, Severity: drift.Info, What: "new"},
	})
	for name, d := range map[string]*drift.Drift{"changes": {Old: "a", New: "b", Changes: changes}, "nothing": {Old: "a", New: "b"}} {
		for _, f := range drift.Formats() {
			if f.Name == format {
				var out bytes.Buffer
				if err := f.Write(&out, d); err != nil {
					t.Fatal(err)
				}
				all["drift, "+name] = out.Bytes()
			}
		}
	}
	if len(all) != 5 {
		t.Fatalf("%s was printed %d times, expected 5", format, len(all))
	}
	return all
}

// TestSARIFIsValidByItsSchema holds against the schema of SARIF 2.1.0.
func TestSARIFIsValidByItsSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/standards/sarif-2.1.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s := c.MustCompile("sarif.json")
	for name, out := range whatIsPrinted(t, "sarif") {
		if err := judge(t, s, out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if judge(t, s, []byte(`{"version": "2.1.0", "runs": [{"results": []}]}`)) == nil {
		t.Error("a run without a tool is valid: nothing was judged")
	}
}

// TestJUnitIsValidByTheXSD holds against the XSD of the Jenkins plugin; later versions
// of it only allow more.
func TestJUnitIsValidByTheXSD(t *testing.T) {
	text, err := os.ReadFile("testdata/standards/jenkins-junit.xsd")
	if err != nil {
		t.Fatal(err)
	}
	x, err := schema.CompileXSD("jenkins-junit.xsd", text)
	if err != nil {
		t.Fatal(err)
	}
	v, err := x.ForRoot("testsuites")
	if err != nil {
		t.Fatal(err)
	}
	for name, out := range whatIsPrinted(t, "junit") {
		_, found, err := v.Strict().Judge(out, "")
		if err != nil || len(found) > 0 {
			t.Errorf("%s: %v %v", name, found, err)
		}
	}
	if _, found, err := v.Strict().Judge([]byte(`<testsuites><testsuite name="a" tests="1"><testcase file="x"/></testsuite></testsuites>`), ""); err != nil || len(found) == 0 {
		t.Errorf("a case without a name is valid: nothing was judged (%v)", err)
	}
}
