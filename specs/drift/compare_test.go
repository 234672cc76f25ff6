package drift

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
)

// edit replaces one text in one file of the contract in testdata.
type edit struct{ file, from, to string }

func contract(t *testing.T, edits ...edit) *specs.Contract {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("testdata/contract")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: body}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		if files[e.file] == nil {
			files[e.file] = &fstest.MapFile{Data: []byte(e.to)}
			continue
		}
		was := string(files[e.file].Data)
		if !strings.Contains(was, e.from) {
			t.Fatalf("%s has no %q", e.file, e.from)
		}
		files[e.file].Data = []byte(strings.Replace(was, e.from, e.to, 1))
	}
	c, err := specs.OpenFS(files, "sound")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// brief writes changes as "severity direction id", each once, sorted.
func brief(all []Change) []string {
	lines := []string{}
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s", c.Severity, c.Direction, c.ID))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

type pair struct {
	name  string
	edits []edit   // what the new side has instead
	want  []string // "severity direction id"
	back  []string // the same from new to old
}

func contractPairs() []pair {
	const b, c, e, o = "behaviour.yaml", "contract.yaml", "errors.yaml", "openapi.yaml"
	one := func(name, file, from, to string, want, back []string) pair {
		return pair{name, []edit{{file, from, to}}, want, back}
	}
	l := func(lines ...string) []string { return lines }
	return []pair{
		{"base path", []edit{{c, "/api\ns", "/api/v2\ns"}, {o, "https://sound.example/api", "https://sound.example/api/v2"}}, l("breaking both base-path-changed"), l("breaking both base-path-changed")},
		one("a new server", c, "role: production}]", "role: production}, {url: https://b.example/api, role: sandbox}]", l("info both server-added"), l("warning both server-removed")),
		one("a lower limit", c, "rate: 10", "rate: 5", l("breaking request limit-lowered"), l("info request limit-raised")),
		one("a limit of all", c, "[addOrder], per", `["*"], per`, l("breaking request limit-added"), l("info request limit-removed")),
		one("a scheme less", c, `, {id: key, type: header, name: X-Key}`, "", l("breaking request auth-scheme-removed"), l("info request auth-scheme-added")),
		one("a scheme with another header", c, "name: X-Key", "name: Key", l("breaking request auth-scheme-changed"), l("breaking request auth-scheme-changed")),
		one("schemes in another order", c, "[{id: token, type: bearer}, {id: key, type: header, name: X-Key}]", "[{id: key, type: header, name: X-Key}, {id: token, type: bearer}]", l("warning request auth-scheme-order-changed"), l("warning request auth-scheme-order-changed")),
		one("a profile less", c, "profiles: [{name: core, title: All, operations: [getOrder, addOrder]}]", "", l("warning both profile-removed"), l()),
		one("a profile with fewer operations", c, "[getOrder, addOrder]", "[getOrder]", l("warning both profile-changed"), l("warning both profile-changed")),

		one("an error less", e, `  - {layer: global, code: "7", operations: [sendNote], title: Full, basis: documented, source: book, reached-by: {armed: true}}`, "", l("warning response outcome-removed"), l("warning response outcome-added")),
		one("a success less", e, `  - {layer: http, code: 202, operations: [addOrder], success: true, title: Accepted, basis: documented, source: book, reached-by: {armed: true}}`, "", l("breaking response outcome-success-removed"), l("warning response outcome-added")),
		one("a code of an item", e, `layer: global, code: "7"`, `layer: item, code: "7"`, l("breaking response outcome-layer-changed"), l("breaking response outcome-layer-changed")),
		one("a code with another status", e, `code: "7"`, `code: "7", status: 202`, l("breaking response outcome-status-changed"), l("breaking response outcome-status-changed")),
		one("a success that is an error", e, "code: 202, operations: [addOrder], success: true", "code: 202, operations: [addOrder]", l("breaking response outcome-success-changed"), l("breaking response outcome-success-changed")),
		one("another explanation", e, "No such order", "It was deleted", l("info response outcome-explanation-changed"), l("info response outcome-explanation-changed")),
		one("another title", e, "title: Full", "title: Empty", l("warning response outcome-meaning-changed"), l("warning response outcome-meaning-changed")),
		one("another body of an error", e, "{title: \"${outcome.title}\"}", "{message: \"${outcome.title}\"}", l("warning response outcome-shape-changed"), l("warning response outcome-shape-changed")),
		one("no body of an error", e, "shape: problem, title", "title", l("warning response outcome-shape-changed"), l("warning response outcome-shape-changed")),
		one("another media type of an error", e, "application/problem+json", "application/json", l("breaking response outcome-media-type-changed"), l("breaking response outcome-media-type-changed")),
		one("codes elsewhere", e, "/*/item/code", "/*/items/item/code", l("breaking response code-moved"), l("breaking response code-moved")),
		one("another refusal", e, "malformed, outcome: http:422", "malformed, outcome: http:409", l("warning response refusal-changed"), l("warning response refusal-changed")),
		one("a refusal less", e, "  - {when: malformed, outcome: http:422, operations: [addOrder]}\n", "", l("info response refusal-removed"), l("warning response refusal-added")),

		one("a rule less", b, "      - {id: no-place, when: \"blank(request.body.place)\", outcome: http:422, basis: documented}\n", "", l("warning request rule-removed"), l("breaking request rule-added")),
		one("a rule that nobody documented", b, "      - {id: no-place, when: \"blank(request.body.place)\", outcome: http:422, basis: documented}\n", "      - {id: no-place, when: \"blank(request.body.place)\", outcome: http:422, basis: documented}\n      - {id: odd, when: \"request.body.number == '1'\", outcome: http:422, basis: made-up}\n", l("warning request rule-added"), l("warning request rule-removed")),
		one("another condition", b, "blank(request.body.place)", "request.body.place == ''", l("warning request rule-condition-changed"), l("warning request rule-condition-changed")),
		one("another outcome", b, "place)\", outcome: http:422", "place)\", outcome: http:409", l("breaking response rule-outcome-changed"), l("breaking response rule-outcome-changed")),
		{"rules in another order", []edit{{b, "id: duplicate, when: \"find('order', 'number', request.body.number) != null\", outcome: http:409", "id: no-place, when: \"blank(request.body.place)\", outcome: http:422"},
			{b, "\n      - {id: no-place, when: \"blank(request.body.place)\", outcome: http:422, basis: documented}\n    effects", "\n      - {id: duplicate, when: \"find('order', 'number', request.body.number) != null\", outcome: http:409, basis: documented}\n    effects"}}, l("warning response rule-order-changed"), l("warning response rule-order-changed")},
		one("a resource more", b, "operations:\n", "  note: {title: Note}\noperations:\n", l("info both resource-added"), l("breaking both resource-removed")),
		one("a unique value", b, "{value: doc.place}", "{value: doc.place, unique: true}", l("breaking request uniqueness-added"), l("warning request uniqueness-removed")),
		one("unique among all", b, "per: owner", "per: all", l("breaking request uniqueness-scope-changed"), l("breaking request uniqueness-scope-changed")),
		one("items judged by themselves", b, "{items: /note/item}", "{items: /note/item, violations: item}", l("breaking both batch-changed"), l("breaking both batch-changed")),
		one("another status", b, "respond: {status: 201", "respond: {status: 202", l("breaking response response-status-changed"), l("breaking response response-status-changed")),
		one("another effect", b, "put: order, key: \"${request.body.number}\"", "put: order, key: \"${request.body.name}\"", l("warning both effect-changed"), l("warning both effect-changed")),
		one("another answer", b, "${stored.body}", "${merge(stored.body, {})}", l("info response answer-changed"), l("info response answer-changed")),
		one("a state less", b, "states:\n  full: {title: No room, params: {size: {default: \"1\"}}}\n", "", l("warning both state-removed"), l("info both state-added")),
		one("a state with another parameter", b, "{size: {default: \"1\"}}", "{size: {default: \"2\"}}", l("info both state-changed"), l("info both state-changed")),

		{"an example more", []edit{{"examples/getOrder/other/example.yaml", "", "title: Other\nbasis: documented\nsource: book\nrequest: {path: {id: o1}}\nresponse: {status: 404}\n"}}, l("info both example-added"), l("warning both example-removed")},
		one("another example of a request", "examples/addOrder/documented/request.json", "A-1", "A-2", l("info request example-changed"), l("info request example-changed")),
		one("another example of a response", "examples/addOrder/documented/response.json", "A-1", "A-2", l("warning response example-changed"), l("warning response example-changed")),
		one("another status of an example", "examples/addOrder/documented/example.yaml", "status: 201", "status: 202", l("warning response example-status-changed"), l("warning response example-status-changed")),

		one("a requirement that must be kept", "requirements.yaml", "SHOULD", "MUST", l("breaking both requirement-level-raised"), l("warning both requirement-level-lowered")),
		one("another requirement", "requirements.yaml", "SO-001", "SO-002", l("warning both requirement-added", "warning both requirement-removed"), l("warning both requirement-added", "warning both requirement-removed")),
		one("other words of a requirement", "requirements.yaml", "Numbers are unique.", "No number comes twice.", l("info both requirement-text-changed"), l("info both requirement-text-changed")),
		one("another erratum", "errata.yaml", "SO-E1", "SO-E2", l("info both erratum-added", "info both erratum-removed"), l("info both erratum-added", "info both erratum-removed")),
		one("another reading", "errata.yaml", "The first.", "The second.", l("warning both erratum-reading-changed"), l("warning both erratum-reading-changed")),
		one("another leniency", "errata.yaml", "nothing else", "the second", l("warning both erratum-leniency-changed"), l("warning both erratum-leniency-changed")),

		one("a required property more", o, "required: [number]", "required: [number, place]", l("breaking request request-property-became-required", "info response response-property-became-required"),
			l("breaking response response-property-became-optional", "info request request-property-became-optional")),
		one("a value of a list less", o, "[north, south]", "[north]", l("breaking request request-property-enum-value-removed", "info response response-property-enum-value-removed"),
			l("breaking response response-property-enum-value-added", "info request request-property-enum-value-added")),
		one("an XML element that must be there", "xsd/note.xsd", ` minOccurs="0"/>`, "/>", l("breaking request xsd-became-required", "info response xsd-became-required"), l("breaking response xsd-became-optional", "info request xsd-became-optional")),
	}
}

func TestContractRules(t *testing.T) {
	base := contract(t)
	for _, p := range contractPairs() {
		t.Run(p.name, func(t *testing.T) {
			other := contract(t, p.edits...)
			for _, way := range []struct {
				name          string
				before, after *specs.Contract
				want          []string
			}{{"forth", base, other, p.want}, {"back", other, base, p.back}} {
				all, err := Compare(way.before, way.after)
				if err != nil {
					t.Fatal(err)
				}
				if got := brief(all); !slices.Equal(got, way.want) {
					t.Errorf("%s: found %q, want %q\n%v", way.name, got, way.want, all)
				}
				for _, c := range all {
					if c.What == "" || c.Where == "" {
						t.Errorf("%s: %s says %q at %q", way.name, c.ID, c.What, c.Where)
					}
				}
			}
		})
	}
}

func TestNoise(t *testing.T) {
	base := contract(t)
	for _, p := range []pair{
		{"nothing", nil, nil, nil},
		{"comments", []edit{{"behaviour.yaml", "operations:", "# What happens.\noperations:"}, {"openapi.yaml", "paths:", "# All of them.\npaths:"}}, nil, nil},
		{"reordered keys", []edit{{"openapi.yaml", "{type: string, maxLength: 20}", "{maxLength: 20, type: string}"}, {"errors.yaml", "{layer: http, code: 409", "{code: 409, layer: http"}}, nil, nil},
		{"reordered values", []edit{{"openapi.yaml", "[north, south]", "[south, north]"}}, nil, nil},
		{"descriptions", []edit{{"openapi.yaml", "What is to be carried.", "An order."}, {"openapi.yaml", "For people.", "Free text."}, {"openapi.yaml", "No such order", "Unknown"}}, nil, nil},
		{"a component with another name", []edit{{"openapi.yaml", `"#/components/schemas/Named"`, `"#/components/schemas/WithName"`}, {"openapi.yaml", "    Named:", "    WithName:"}}, nil, nil},
		{"a component that holds itself with another name", []edit{{"openapi.yaml", `"#/components/schemas/Part"`, `"#/components/schemas/Piece"`}, {"openapi.yaml", `"#/components/schemas/Part"`, `"#/components/schemas/Piece"`}, {"openapi.yaml", "    Part:", "    Piece:"}}, nil, nil},
		{"a part written in place", []edit{{"openapi.yaml", `        - $ref: "#/components/schemas/Named"`, `        - {type: object, properties: {name: {type: string}}}`}}, nil, nil},
		{"white space and another type name in an XSD", []edit{{"xsd/note.xsd", `type="Item" maxOccurs="5"/>`, `maxOccurs="5"  type="Thing"/>`}, {"xsd/note.xsd", `type="Item"`, `type="Thing"`}, {"xsd/note.xsd", `name="Item"`, `name="Thing"`}}, nil, nil},
		{"line breaks in an expression", []edit{{"behaviour.yaml", `"blank(request.body.place)"`, "\" blank(request.body.place) \""}}, nil, nil},
		{"an example written otherwise", []edit{{"examples/addOrder/documented/response.json", `{"number": "A-1"}`, "{\n  \"number\" : \"A-1\"\n}\n"}}, nil, nil},
		{"case and full stop of a meaning", []edit{{"errors.yaml", "No such order", "no such  order."}}, nil, nil},
		{"source and basis", []edit{{"errors.yaml", "book, page 3", "book, page 4"}}, nil, nil},
	} {
		t.Run(p.name, func(t *testing.T) {
			other := contract(t, p.edits...)
			for _, way := range [][2]*specs.Contract{{base, other}, {other, base}} {
				if all, err := Compare(way[0], way[1]); err != nil || len(all) > 0 {
					t.Errorf("found %v, %v", all, err)
				}
			}
		})
	}
}

func TestBuiltInContractsDoNotDriftFromThemselves(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			a, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			if all, err := Compare(a, b); err != nil || len(all) > 0 {
				t.Errorf("found %v, %v", all, err)
			}
		})
	}
}

// TestEveryRuleIsTested holds the table of rules against the tables of pairs.
func TestEveryRuleIsTested(t *testing.T) {
	tested := map[string]bool{}
	for _, p := range contractPairs() {
		for _, line := range append(p.want, p.back...) {
			tested[line[strings.LastIndexByte(line, ' ')+1:]] = true
		}
	}
	for _, p := range xsdPairs() {
		for _, id := range append(strings.Fields(p.want), strings.Fields(p.back)...) {
			tested[id] = true
		}
	}
	tested["schema-reference-changed"] = true // by TestSchemasThatHoldEachOther
	for _, file := range []string{"testdata/openapi.yaml", "testdata/xsd.yaml"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return r == '"' || r == ' ' || r == '\n' || r == ',' }) {
			for _, r := range ownRules() {
				if word == r.ID {
					tested[word] = true
				}
			}
		}
	}
	ours := map[string]bool{}
	for _, r := range ownRules() {
		ours[r.ID] = true
	}
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] {
			t.Errorf("rule %s is there twice", r.ID)
		}
		seen[r.ID] = true
		if r.About == "" || r.Request.rank() < 0 || r.Response.rank() < 0 {
			t.Errorf("rule %+v is not complete", r)
		}
		if ours[r.ID] && !tested[r.ID] {
			t.Errorf("rule %s has no pair of documents that shows it", r.ID)
		}
	}
	for id := range tested {
		if !seen[id] {
			t.Errorf("%s is expected by a test and is no rule", id)
		}
	}
}
