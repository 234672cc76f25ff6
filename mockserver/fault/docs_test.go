package fault

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of faults into docs/mock.md")

// The page of the mock lists exactly the faults that there are. After a change:
// go test ./mockserver/fault -run Documented -update.
func TestFaultsAreDocumented(t *testing.T) {
	const begin, end = "<!-- faults: kept equal to the catalogue by a test -->\n", "<!-- /faults -->"
	page := filepath.Join("..", "..", "docs", "mock.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	table, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s: the marks around the table of faults are gone", page)
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+faultTable()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != faultTable() {
		t.Errorf("%s does not list the faults that there are; write it with -update. Expected\n%s", page, faultTable())
	}
}

func faultTable() string {
	var b strings.Builder
	b.WriteString("| fault | kind | what happens | parameters |\n|---|---|---|---|\n")
	for _, f := range All() {
		var params []string
		for _, p := range f.Params {
			one := fmt.Sprintf("`%s` (%s): %s", p.Name, p.Form, p.Title)
			if p.Default != "" {
				one += ", default `" + p.Default + "`"
			}
			params = append(params, one)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, f.Kind, f.Title, strings.Join(params, "; "))
	}
	return b.String()
}
