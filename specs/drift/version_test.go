package drift

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
)

// TestVersionsOfTheBuiltInContracts holds the worked example of docs/drift.md: what
// broke from version to version, told once each.
func TestVersionsOfTheBuiltInContracts(t *testing.T) {
	now, err := specs.Open("otm5")
	if err != nil {
		t.Fatal(err)
	}
	version := func(name string) *Version {
		if name == now.Version {
			return &Version{Contract: now}
		}
		v, err := OpenVersion(now.Files(), name, "otm5@"+name)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	page, err := os.ReadFile("../../docs/drift.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		old, now string
		breaking []string
	}{
		{"5.4", "5.5", []string{
			"request-property-became-enum VehicleInline/fuel",
			"response-body-one-of-added Action",
			"response-body-one-of-added ConstraintValue",
		}},
		{"5.5", "5.6", []string{
			"response-body-one-of-added ConstraintValue",
			"response-mediatype-enum-value-added Role",
		}},
		{"5.6", "5.7", []string{
			"new-required-request-property RouteInline/geoReference",
			"response-property-became-optional ActorInEvent/entityType",
			"response-property-became-optional RouteInline/geoReferences",
			"response-property-enum-value-added ActionResult/reason",
			"response-property-enum-value-added LocationInline/type",
		}},
	} {
		old, now := version(row.old), version(row.now)
		all, err := Compare(old.Contract, now.Contract)
		if err != nil {
			t.Fatal(err)
		}
		all = now.Soften(old.Soften(all))
		counts := map[Severity]int{}
		var breaking []string
		for _, g := range Groups(all) {
			counts[g.Severity]++
			if g.Severity == Breaking {
				breaking = append(breaking, g.ID+" "+strings.TrimPrefix(g.Paths[0], "#/components/schemas/"))
			}
		}
		if figures := fmt.Sprintf("| %d | %d | %d |", counts[Breaking], counts[Warning], counts[Info]); !strings.Contains(string(page), figures) {
			t.Errorf("docs/drift.md has no line with the figures of %s → %s: %s", row.old, row.now, figures)
		}
		slices.Sort(breaking)
		if breaking = slices.Compact(breaking); !slices.Equal(breaking, row.breaking) {
			t.Errorf("%s → %s: found\n%s\nwant\n%s", row.old, row.now, strings.Join(breaking, "\n"), strings.Join(row.breaking, "\n"))
		}
	}
}

func TestVersionFileThatDoesNotFit(t *testing.T) {
	const doc = "openapi: 3.0.3\ninfo: {title: x, version: \"2\"}\npaths: {/a: {get: {responses: {\"200\": {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\n" +
		"components: {schemas: {A: {type: object, properties: {b: {type: string, enum: [x]}, c: {$ref: '#/components/schemas/C'}}}, C: {type: integer}}}\n"
	for _, row := range []struct{ name, differences, want string }{
		{"a place that is not there", `[{at: "#/components/schemas/B", change: absent}]`, "no such place"},
		{"a value that is there", `[{at: "#/components/schemas/A/properties/b", change: extra, values: [x]}]`, "there already"},
		{"no list of values", `[{at: "#/components/schemas/C", change: extra, values: [x]}]`, "no enum"},
		{"an unknown word", `[{at: "#/components/schemas/C", change: other}]`, "does not fit"},
		{"an unknown key", `[{at: "#/components/schemas/C", chnge: absent}]`, "chnge"},
		{"another version", "[]\n#", ""},
		{"a schema that others refer to", `[{at: "#/components/schemas/C", change: absent}]`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			files := fstest.MapFS{"openapi.yaml": {Data: []byte(doc)}, "versions/1.yaml": {Data: []byte("version: \"1\"\nagainst: \"2\"\ndifferences: " + row.differences + "\n")}}
			v, err := OpenVersion(files, "1", "x@1")
			switch {
			case row.want == "" && (err != nil || v.Contract.Version != "1"):
				t.Errorf("found %v", err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Errorf("found %v, want an error about %q", err, row.want)
			}
		})
	}
	files := fstest.MapFS{"openapi.yaml": {Data: []byte(doc)}, "versions/1.yaml": {Data: []byte("version: \"1\"\nagainst: \"3\"\ndifferences: []\n")}}
	if _, err := OpenVersion(files, "1", ""); err == nil || !strings.Contains(err.Error(), "against version 3") {
		t.Errorf("found %v, want an error about the version", err)
	}
	if _, err := OpenVersion(files, "7", ""); err == nil || !strings.Contains(err.Error(), "describes 1") {
		t.Errorf("found %v, want the versions that there are", err)
	}
}
