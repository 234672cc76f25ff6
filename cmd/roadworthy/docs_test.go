package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/roadworthy-project/roadworthy/specs"
)

func readme(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func everyCommand(t *testing.T) map[string]*cobra.Command {
	t.Helper()
	all := map[string]*cobra.Command{}
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		all[c.CommandPath()] = c
		for _, sub := range c.Commands() {
			if sub.Name() != "help" && sub.Name() != "completion" {
				visit(sub)
			}
		}
	}
	root := (&app{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}).root()
	visit(root)
	if len(all) < 10 {
		t.Fatalf("only %d commands were found", len(all))
	}
	return all
}

func TestDocsEveryCommandHasAnExampleAndARow(t *testing.T) {
	text := readme(t)
	for path, c := range everyCommand(t) {
		if c.Short == "" || !strings.Contains(c.Example, "roadworthy") {
			t.Errorf("%s: --help needs a summary and an example", path)
		}
		top := strings.Join(strings.Fields(path)[:min(2, len(strings.Fields(path)))], " ")
		if c.HasParent() && !strings.Contains(text, "| `"+top) {
			t.Errorf("%s has no row in the command table of README.md", top)
		}
	}
}

// TestDocsFlagsOfTheInterface holds the flags that users' pipelines are written against.
func TestDocsFlagsOfTheInterface(t *testing.T) {
	want := map[string]string{
		"roadworthy mock":          "listen admin-listen admin-token store seed auth rate-limits strict faults max-body tls-cert tls-key mount watch identities",
		"roadworthy test":          "target auth profile only exclude operations generated provider-states fixtures waivers baseline min-coverage rate parallel shard seed timeout fail-on report-dir format trace dry-run",
		"roadworthy certify":       "target auth implementation provider-states fixtures rate parallel seed timeout report-dir format trace",
		"roadworthy validate":      "response format",
		"roadworthy contract init": "xsd",
	}
	commands := everyCommand(t)
	for path, flags := range want {
		c := commands[path]
		if c == nil {
			t.Errorf("there is no command %s", path)
			continue
		}
		for _, flag := range strings.Fields(flags) {
			if c.Flags().Lookup(flag) == nil {
				t.Errorf("%s has no flag --%s", path, flag)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s says nothing about itself", path, f.Name)
			}
		})
	}
}

func TestDocsFiguresInReadme(t *testing.T) {
	var table strings.Builder
	table.WriteString("| contract | operations | outcomes | requirements | examples | errata |\n|---|---|---|---|---|---|\n")
	for _, name := range specs.BuiltIn() {
		c, err := specs.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		f := figuresOf(c)
		fmt.Fprintf(&table, "| **%s** %s %s | %d | %d | %d | %d | %d |\n", f.Name, f.Title, f.Version, f.Operations, f.Outcomes, f.Requirements, f.Examples, f.Errata)
	}
	const begin, end = "<!-- figures: kept equal to `roadworthy contract list` by a test -->\n", "<!-- /figures -->"
	text := readme(t)
	from, to := strings.Index(text, begin), strings.Index(text, end)
	if from < 0 || to < from {
		t.Fatal("README.md has lost the marks around the figures")
	}
	if have := text[from+len(begin) : to]; have != table.String() {
		t.Errorf("the figures in README.md are not those of the contracts; put this between the marks:\n%s", table.String())
	}
}
