package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

func scenario(id, profile string, operations ...string) *scenarios.Scenario {
	s := &scenarios.Scenario{ID: id, Profile: profile}
	for _, op := range operations {
		s.Steps = append(s.Steps, &scenarios.Step{ID: op, Operation: op})
	}
	return s
}

func contract() *specs.Contract {
	return &specs.Contract{Profiles: []specs.Profile{{Name: "core"}, {Name: "extended"}},
		Operations: []*specs.Operation{{ID: "get"}, {ID: "put"}, {ID: "GET /pets/{id}"}}}
}

func TestBuild(t *testing.T) {
	files := []*scenarios.Scenario{scenario("a.one", "core", "get"), scenario("a.two", "extended", "get", "put"), scenario("b.one", "core", "put")}
	made := []*scenarios.Scenario{scenario("generated.get.x", "core", "get")}
	for _, tc := range []struct {
		name     string
		options  Options
		want     []string
		narrowed int
	}{
		{"everything", Options{}, []string{"a.one", "a.two", "b.one", "generated.get.x"}, 0},
		{"a profile narrows nothing", Options{Profile: "core"}, []string{"a.one", "b.one", "generated.get.x"}, 0},
		{"only", Options{Only: []string{"a.*"}}, []string{"a.one", "a.two"}, 2},
		{"exclude", Options{Exclude: []string{"*.one"}}, []string{"a.two", "generated.get.x"}, 2},
		{"only and exclude", Options{Only: []string{"a.*"}, Exclude: []string{"*.one"}}, []string{"a.two"}, 3},
		{"operations: every step must fit", Options{Operations: []string{"g*"}}, []string{"a.one", "generated.get.x"}, 2},
		{"generated off", Options{Generated: "off"}, []string{"a.one", "a.two", "b.one"}, 1},
		{"generated only", Options{Generated: "only"}, []string{"generated.get.x"}, 3},
		{"one shard of one", Options{Shard: "1/1"}, []string{"a.one", "a.two", "b.one", "generated.get.x"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := Build(contract(), files, made, tc.options)
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, c := range p.Cases {
				have = append(have, c.Scenario.ID)
			}
			if !slices.Equal(have, tc.want) || p.Narrowed != tc.narrowed {
				t.Errorf("cases %v, narrowed by %d, expected %v and %d", have, p.Narrowed, tc.want, tc.narrowed)
			}
			if len(p.Cases)+len(p.Excluded) != 4 {
				t.Errorf("%d run and %d are excluded, of 4", len(p.Cases), len(p.Excluded))
			}
			for _, x := range p.Excluded {
				if x.Reason == "" {
					t.Errorf("%s is excluded without a reason", x.ID)
				}
			}
		})
	}
}

// The parts of a sharded run are the whole, and no scenario is in two.
func TestShardsAreTheWhole(t *testing.T) {
	var files []*scenarios.Scenario
	for _, name := range strings.Fields("a b c d e f g h i j k l m n o p") {
		files = append(files, scenario(name, "core", "get"))
	}
	seen := map[string]int{}
	for _, shard := range []string{"1/3", "2/3", "3/3"} {
		p, err := Build(contract(), files, nil, Options{Shard: shard})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Cases {
			seen[c.Scenario.ID]++
		}
	}
	for _, s := range files {
		if seen[s.ID] != 1 {
			t.Errorf("%s is in %d shards", s.ID, seen[s.ID])
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	files := []*scenarios.Scenario{scenario("a.one", "core", "get")}
	for _, tc := range []struct {
		name    string
		options Options
		want    string
	}{
		{"only that fits nothing", Options{Only: []string{"a.onn"}}, `did you mean "a.one"?`},
		{"exclude that fits nothing", Options{Exclude: []string{"z*"}}, "fits nothing"},
		{"operations that fit nothing", Options{Operations: []string{"gte"}}, `did you mean "get"?`},
		{"profile", Options{Profile: "gold"}, "core, extended"},
		{"generated", Options{Generated: "yes"}, "on, off, only"},
		{"shard", Options{Shard: "0/2"}, "2/4"},
		{"several at once", Options{Shard: "x", Profile: "gold"}, "gold"},
	} {
		if _, err := Build(contract(), files, nil, tc.options); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, expected %q", tc.name, err, tc.want)
		}
	}
	if _, err := Build(contract(), append(files, files...), nil, Options{}); err == nil {
		t.Error("an id that is used twice is accepted")
	}
}
