package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/lint"
)

// The built-in contracts are consistent: no errors.
func TestBuiltInContracts(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range lint.Run(c, lint.Options{}) {
				if f.Severity == lint.Error {
					t.Error(f)
				} else {
					t.Log(f)
				}
			}
		})
	}
}

func TestRuleIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range lint.Rules() {
		if seen[rule.ID] || rule.ID == "" || rule.About == "" || strings.ToLower(rule.ID) != rule.ID || strings.ContainsAny(rule.ID, " _") {
			t.Errorf("rule %q needs an id of its own in kebab-case and a sentence", rule.ID)
		}
		seen[rule.ID] = true
		switch rule.Severity {
		case lint.Error, lint.Warning, lint.Info:
		default:
			t.Errorf("rule %s has the severity %q", rule.ID, rule.Severity)
		}
	}
}

// bundle reads the sound bundle of testdata and puts other texts into its files.
func bundle(t *testing.T, replace map[string][2]string) *specs.Contract {
	t.Helper()
	files := fstest.MapFS{}
	err := filepath.WalkDir("testdata/sound", func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		short := filepath.ToSlash(strings.TrimPrefix(name, "testdata/sound/"))
		if r, ok := replace[short]; ok {
			if !strings.Contains(string(body), r[0]) {
				t.Fatalf("%s does not hold %q", short, r[0])
			}
			body = []byte(strings.Replace(string(body), r[0], r[1], 1))
			delete(replace, short)
		}
		files[short] = &fstest.MapFile{Data: body}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range replace {
		files[name] = &fstest.MapFile{Data: []byte(r[1])}
	}
	c, err := specs.OpenFS(files, "sound")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func scenarios() []lint.ScenarioRef {
	return []lint.ScenarioRef{{File: "scenarios/s.yaml", Line: 1, ID: "s", Operations: []string{"getOrder", "addOrder"}, Requirements: []string{"SO-001"},
		Outcomes: []string{"getOrder http:200", "getOrder http:404", "addOrder http:201", "addOrder http:409", "addOrder http:422"}}}
}

func TestSoundBundle(t *testing.T) {
	for _, f := range lint.Run(bundle(t, nil), lint.Options{Scenarios: scenarios()}) {
		t.Error(f)
	}
}

func TestEveryRuleFinds(t *testing.T) {
	const example = "examples/addOrder/documented/example.yaml"
	for _, tc := range []struct {
		rule    string
		replace map[string][2]string
		refs    func([]lint.ScenarioRef) []lint.ScenarioRef
		behave  func(*specs.Contract) []lint.Finding
		want    string
	}{
		{rule: "openapi-invalid", replace: map[string][2]string{"openapi.yaml": {"title: Sound", "titel: Sound"}}, want: "openapi.yaml"},
		{rule: "openapi-stray-key", replace: map[string][2]string{"openapi.yaml": {"description: No such order", "description: No order, or a foreign one"}}, want: "openapi.yaml:20: \"or a foreign one\""},
		{rule: "schema-without-effect", replace: map[string][2]string{"openapi.yaml": {"maxLength: 20", "maxLength: 20, format: plate"}}, want: "plate"},
		{rule: "behaviour-invalid", behave: func(*specs.Contract) []lint.Finding {
			return []lint.Finding{{File: "behaviour.yaml", Line: 3, What: "no such name"}}
		}, want: "behaviour.yaml:3: no such name"},
		{rule: "security-scheme-unknown", replace: map[string][2]string{"contract.yaml": {"{id: token", "{id: tokn"}}, want: `did you mean "tokn"?`},
		{rule: "identity-missing", replace: map[string][2]string{"contract.yaml": {"name: default", "name: first"}}, want: "contract.yaml"},
		{rule: "example-invalid", replace: map[string][2]string{"examples/addOrder/documented/request.json": {`"A-1"`, `7`}}, want: "request: /number: expected string"},
		{rule: "example-unexpectedly-valid", replace: map[string][2]string{"examples/addOrder/no-number/request.json": {`{}`, `{"number": "B"}`}}, want: "says valid: false"},
		{rule: "example-without-erratum", replace: map[string][2]string{"examples/addOrder/no-number/example.yaml": {"basis: made-up", "basis: documented"}}, want: "no erratum says so"},
		{rule: "example-not-described", replace: map[string][2]string{example: {"status: 201", "status: 202"}}, want: "no response with status 202"},
		{rule: "example-parameters", replace: map[string][2]string{"examples/getOrder/documented/example.yaml": {"{id: o1}", "{}"}}, want: "path/id is missing"},
		{rule: "example-identity", replace: map[string][2]string{example: {"title:", "identity: defualt\ntitle:"}}, want: `did you mean "default"?`},
		{rule: "example-corrects", replace: map[string][2]string{example: {"title:", "corrects: nothing\ntitle:"}}, want: `"nothing"`},
		{rule: "outcome-unreachable", replace: map[string][2]string{"errors.yaml": {"{rule: duplicate}", "{rule: dupe}"}}, want: "have no rule"},
		{rule: "outcome-unreachable", replace: map[string][2]string{"errors.yaml": {"{rule: duplicate}", "{}"}}, want: "exactly one way"},
		{rule: "outcome-unreachable", replace: map[string][2]string{"errors.yaml": {"{rule: duplicate}", "{state: full}"}}, want: `no provider state "full"`},
		{rule: "outcome-unreachable", replace: map[string][2]string{"errors.yaml": {"{refusal: invalid-body}", "{refusal: invalid}"}}, want: "no reason to refuse"},
		{rule: "outcome-unknown", replace: map[string][2]string{"behaviour.yaml": {"outcome: http:409", "outcome: http:410"}}, want: "behaviour.yaml:9: operation addOrder: rule duplicate leads to http:410"},
		{rule: "outcome-unknown", replace: map[string][2]string{"errors.yaml": {"outcome: http:422, operations: [addOrder]", "outcome: http:404, operations: [addOrder]"}}, want: "has no outcome http:404"},
		{rule: "outcome-twice", replace: map[string][2]string{"errors.yaml": {"code: 422, operations: [addOrder]", "code: 409, operations: [addOrder]"}}, want: "described twice"},
		{rule: "outcome-status-not-described", replace: map[string][2]string{"openapi.yaml": {`"409":`, `"410":`}}, want: "does not describe status 409"},
		{rule: "rule-twice", replace: map[string][2]string{"behaviour.yaml": {"    rules:\n", "    rules:\n      - {id: duplicate, when: \"false\", outcome: http:409}\n"}}, want: "is there twice"},
		{rule: "shape-unused", replace: map[string][2]string{"errors.yaml": {"shapes:", "shapes:\n  spare: {media-type: text/plain}"}}, want: "spare"},
		{rule: "requirement-unknown", refs: func(s []lint.ScenarioRef) []lint.ScenarioRef {
			s[0].Requirements = append(s[0].Requirements, "SO-002")
			return s
		}, want: `did you mean "SO-001"?`},
		{rule: "requirement-invalid", replace: map[string][2]string{"requirements.yaml": {"level: MUST", "level: must"}}, want: "use MUST"},
		{rule: "requirement-invalid", replace: map[string][2]string{"requirements.yaml": {"level: MUST", "level: MUST, generated: [mising]"}}, want: `did you mean "missing"?`},
		{rule: "erratum-unknown", replace: map[string][2]string{example: {"title:", "erratum: SO-E9\ntitle:"}}, want: "SO-E9"},
		{rule: "erratum-unknown", replace: map[string][2]string{"contract.yaml": {"name: sound", "name: sound\nnull-is-absent: SO-E9"}}, want: "null-is-absent: erratum SO-E9"},
		{rule: "erratum-unknown", replace: map[string][2]string{"contract.yaml": {"name: sound", "name: sound\nnot-compared: [{at: /_links, because: SO-E9}]"}}, want: "not-compared /_links: erratum SO-E9"},
		{rule: "erratum-invalid", replace: map[string][2]string{"errata.yaml": {"why: x", "why: \"\""}}, want: "errata.yaml:2"},
		{rule: "source-unknown", replace: map[string][2]string{"requirements.yaml": {"source: book", "source: hearsay"}}, want: "hearsay"},
		{rule: "profile-empty", replace: map[string][2]string{"contract.yaml": {"[getOrder, add*]", "[getOrdr]"}}, want: `did you mean "getOrder"?`},
		{rule: "limit-unknown", replace: map[string][2]string{"contract.yaml": {"operations: [addOrder]", "operations: [addOrders]"}}, want: `did you mean "addOrder"?`},
		{rule: "scenario-unknown-operation", refs: func(s []lint.ScenarioRef) []lint.ScenarioRef {
			s[0].Operations = append(s[0].Operations, "getOrders")
			return s
		}, want: "scenarios/s.yaml:1"},
		{rule: "scenario-unknown-operation", refs: func(s []lint.ScenarioRef) []lint.ScenarioRef {
			s[0].Outcomes = append(s[0].Outcomes, "getOrder item:9")
			return s
		}, want: "item:9"},
		{rule: "values-not-made", replace: map[string][2]string{
			"openapi.yaml": {"paths:\n", "paths:\n  /more:\n    post: {operationId: more, requestBody: {content: {application/xml: {x-xsd: \"m.xsd#m\", schema: {type: object}}}}, responses: {\"204\": {description: ok}}}\n"},
			"xsd/m.xsd":    {"", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:element name=\"m\"><xs:complexType><xs:sequence>\n<xs:any namespace=\"urn:none\"/>\n</xs:sequence></xs:complexType></xs:element></xs:schema>"},
		}, want: "xsd/m.xsd:3: /m/* is missing: expected any element of urn:none that is declared; no valid values are made up for the request of the operation more (give it an example)"},
		{rule: "operation-without-example", replace: map[string][2]string{"openapi.yaml": {"paths:\n", "paths:\n  /more:\n    get: {operationId: more, responses: {\"200\": {description: ok}}}\n"}}, want: "operation more has no example"},
		{rule: "operation-without-scenario", refs: func(s []lint.ScenarioRef) []lint.ScenarioRef { s[0].Operations = s[0].Operations[:1]; return s }, want: "addOrder"},
		{rule: "requirement-without-scenario", refs: func(s []lint.ScenarioRef) []lint.ScenarioRef { s[0].Requirements = nil; return s }, want: "SO-001"},
		{rule: "outcome-without-scenario", refs: func(s []lint.ScenarioRef) []lint.ScenarioRef { s[0].Outcomes = s[0].Outcomes[:4]; return s }, want: "http:422 of addOrder"},
		{rule: "operation-without-outcome", replace: map[string][2]string{"errors.yaml": {"success: true, title: Created", "title: Created"}}, want: "addOrder"},
		{rule: "erratum-without-example", replace: map[string][2]string{"examples/addOrder/no-number/example.yaml": {"basis: made-up", "basis: documented\nerratum: SO-E1"}}, want: "no example corrects it"},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			refs := scenarios()
			if tc.refs != nil {
				refs = tc.refs(refs)
			}
			found := false
			var all []string
			for _, f := range lint.Run(bundle(t, tc.replace), lint.Options{Scenarios: refs, CheckBehaviour: tc.behave}) {
				all = append(all, f.String())
				found = found || f.Rule == tc.rule && strings.Contains(f.String(), tc.want)
			}
			if !found {
				t.Errorf("expected a finding of %s with %q, found\n%s", tc.rule, tc.want, strings.Join(all, "\n"))
			}
		})
	}
}

// A schema that cannot be judged by keeps a folder from being opened; of a
// built-in contract, which compiles on first use, lint has to tell it.
func TestSchemaInvalid(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		c, err := specs.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Compile() {
			t.Error(name, p)
		}
	}
}

// Every rule is shown to find something.
func TestEveryRuleIsTested(t *testing.T) {
	src, err := os.ReadFile("lint_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range lint.Rules() {
		if !strings.Contains(string(src), `{rule: "`+rule.ID+`"`) && rule.ID != "schema-invalid" {
			t.Errorf("rule %s has no case in TestEveryRuleFinds", rule.ID)
		}
	}
}

// A bundle that contract init wrote is consistent, and so is a bare document.
func TestInitialisedBundles(t *testing.T) {
	for _, name := range []string{"petstore.yaml", "store.json", "split.yaml"} {
		bare, err := specs.Open("../testdata/bare/" + name)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "own")
		if err := specs.Init("../testdata/bare/"+name, "", dir); err != nil {
			t.Fatal(err)
		}
		c, err := specs.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range lint.Run(bare, lint.Options{}) {
			if f.Severity == lint.Error {
				t.Errorf("%s: %s", name, f)
			}
		}
		for _, f := range lint.Run(c, lint.Options{}) {
			if f.Severity == lint.Error {
				t.Errorf("%s, as a bundle: %s", name, f)
			}
		}
	}
}
