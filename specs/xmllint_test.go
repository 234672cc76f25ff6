package specs_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// The XSDs are usable by others: xmllint, which knows nothing of this project,
// says of every example, and of every example with one thing changed, what the
// judge says. Unknown extras are soft here and an error to xmllint, so that a body
// is valid for this comparison when nothing at all is found, as with --strict.
func TestXSDsJudgeTheSameElsewhere(t *testing.T) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Fatal("xmllint is missing: install it (Debian: libxml2-utils), or run make test, which does")
	}
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			bodies := xmlBodies(t, open(t, name))
			if described, err := filepath.Glob(filepath.Join(name, "xsd", "*.xsd")); err != nil || len(described) != len(bodies) {
				t.Errorf("expected examples for each of %d XSDs, found them for %d", len(described), len(bodies))
			}
			judged := 0
			for xsd, found := range bodies {
				judged += len(found)
				good, bad := 0, 0
				for i, valid := range xmllint(t, filepath.Join(name, "xsd", xsd), found) {
					body := found[i]
					if _, violations := body.media.Judge(body.text, ""); (len(violations) == 0) != valid {
						t.Errorf("%s: xmllint finds valid=%v, the judge finds %v\n%s", body.title, valid, violations, body.text)
					}
					if valid {
						good++
					} else {
						bad++
					}
				}
				if good == 0 || bad == 0 {
					t.Errorf("%s: expected good and bad bodies, found %d good and %d bad", xsd, good, bad)
				}
			}
			t.Logf("%d bodies", judged)
		})
	}
}

// A documented example is judged as its own file says, request and response.
func TestExamplesAreJudgedAsMarked(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c := open(t, name)
			judged := 0
			for _, e := range c.Examples {
				op := c.Operation(e.Operation)
				if e.Request != nil && len(e.Request.Body) > 0 {
					judged += asMarked(t, e, "request", mediaOf(op.RequestBody, e.Request.MediaType), e.Request.Body, e.Request.Valid)
				}
				if e.Response != nil && len(e.Response.Body) > 0 && op.Response(e.Response.Status) != nil {
					judged += asMarked(t, e, "response", mediaOf(op.Response(e.Response.Status).Body, e.Response.MediaType), e.Response.Body, e.Response.Valid)
				}
			}
			if judged < len(c.Examples) {
				t.Errorf("expected at least one body for each of %d examples, judged %d", len(c.Examples), judged)
			}
		})
	}
}

// mediaOf is the named media type, or the first when an example names none.
func mediaOf(b *specs.Body, mediaType string) *specs.Media {
	if mediaType == "" && b != nil && len(b.Media) > 0 {
		return b.Media[0]
	}
	return b.For(mediaType)
}

func asMarked(t *testing.T, e *specs.Example, side string, m *specs.Media, body []byte, marked *bool) int {
	t.Helper()
	if m == nil {
		// A request in a media type that the operation does not know is an example too.
		return 0
	}
	_, violations := m.Judge(body, "")
	hard := 0
	for _, v := range violations {
		if !v.Soft {
			hard++
		}
	}
	if want := marked == nil || *marked; want != (hard == 0) {
		t.Errorf("%s/%s, %s: marked valid: %v, found %v", e.Operation, e.Name, side, want, violations)
	}
	return 1
}

type xmlBody struct {
	title string
	text  []byte
	media *specs.Media
}

// xmlBodies lists the XML bodies of the examples by the file of their schema, each
// followed by itself with one leaf left out, renamed, written twice or given
// another value.
func xmlBodies(t *testing.T, c *specs.Contract) map[string][]xmlBody {
	t.Helper()
	bodies := map[string][]xmlBody{}
	add := func(title string, m *specs.Media, text []byte) {
		if m == nil || m.Format != payload.XML || len(text) == 0 {
			return
		}
		xsd, _, _ := strings.Cut(m.Schema, "#")
		bodies[xsd] = append(bodies[xsd], xmlBody{title, text, m})
		for _, changed := range changes(text) {
			bodies[xsd] = append(bodies[xsd], xmlBody{title + ", " + changed.title, changed.text, m})
		}
	}
	for _, e := range c.Examples {
		op, title := c.Operation(e.Operation), e.Operation+"/"+e.Name
		if e.Request != nil {
			add(title+" request", mediaOf(op.RequestBody, e.Request.MediaType), e.Request.Body)
		}
		if e.Response != nil && op.Response(e.Response.Status) != nil {
			add(title+" response", mediaOf(op.Response(e.Response.Status).Body, e.Response.MediaType), e.Response.Body)
		}
	}
	return bodies
}

var leaf = regexp.MustCompile(`<(\w+)>([^<]*)</(\w+)>`)

// maxLeaves bounds the leaves that are changed in one body: a batch of a hundred
// items says nothing new after the first.
const maxLeaves = 6

func changes(text []byte) []xmlBody {
	var changed []xmlBody
	for i, at := range leaf.FindAllSubmatchIndex(text, maxLeaves) {
		name, value := string(text[at[2]:at[3]]), string(text[at[4]:at[5]])
		if name != string(text[at[6]:at[7]]) {
			continue
		}
		whole := string(text[at[0]:at[1]])
		for _, change := range []struct{ title, with string }{
			{"left out", ""}, {"twice", whole + whole}, {"renamed", "<noSuchField>" + value + "</noSuchField>"},
			{"empty", "<" + name + "/>"}, {"of another value", "<" + name + ">?!</" + name + ">"},
			{"with an element inside", "<" + name + "><b/></" + name + ">"}, {"not closed", "<" + name + ">"},
		} {
			body := string(text[:at[0]]) + change.with + string(text[at[1]:])
			changed = append(changed, xmlBody{title: fmt.Sprintf("leaf %d (%s) %s", i+1, name, change.title), text: []byte(body)})
		}
	}
	return append(changed, structural(text)...)
}

var (
	attribute = regexp.MustCompile(` (\w+)="([^"]*)"`)
	pair      = regexp.MustCompile(`(<(\w+)>[^<]*</\w+>)(\s*)(<(\w+)>[^<]*</\w+>)`)
)

// structural changes attributes and the order of neighbours, and writes a value in
// another way that means the same.
func structural(text []byte) []xmlBody {
	var changed []xmlBody
	add := func(title string, from, to int, with string) {
		changed = append(changed, xmlBody{title: title, text: []byte(string(text[:from]) + with + string(text[to:]))})
	}
	root := bytes.IndexByte(text, '<')
	if end := bytes.Index(text, []byte("?>")); end >= 0 {
		root = end
	}
	for _, at := range attribute.FindAllSubmatchIndex(text, maxLeaves) {
		if at[0] < root {
			continue // of the XML declaration
		}
		name := string(text[at[2]:at[3]])
		for _, change := range []struct{ title, with string }{
			{"left out", ""}, {"empty", " " + name + `=""`}, {"of another value", " " + name + `="?!"`}, {"negative", " " + name + `="-7"`},
			{"too large", " " + name + `="99999999999"`}, {"in single quotes", " " + name + "='" + string(text[at[4]:at[5]]) + "'"},
			{"beside an unknown one", string(text[at[0]:at[1]]) + ` noSuchAttribute="1"`}, {"twice", string(text[at[0]:at[1]]) + string(text[at[0]:at[1]])},
		} {
			add("attribute "+name+" "+change.title, at[0], at[1], change.with)
		}
	}
	for _, at := range pair.FindAllSubmatchIndex(text, 3) {
		first, gap, second := string(text[at[2]:at[3]]), string(text[at[6]:at[7]]), string(text[at[8]:at[9]])
		add("neighbours swapped: "+first+second, at[0], at[1], second+gap+first)
		add("text between: "+first+second, at[0], at[1], first+"stray"+second)
		add("a remark between: "+first+second, at[0], at[1], first+"<!-- remark -->"+second)
	}
	for _, at := range leaf.FindAllSubmatchIndex(text, 2) {
		add("CDATA in "+string(text[at[2]:at[3]]), at[4], at[5], "<![CDATA["+string(text[at[4]:at[5]])+"]]>")
	}
	return changed
}

// xmllint judges the bodies by a schema, all in one call.
func xmllint(t *testing.T, xsd string, bodies []xmlBody) []bool {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", xsd}
	for i, body := range bodies {
		file := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(file, body.text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	// The exit code speaks for all files together; each has its own line.
	out, _ := exec.Command("xmllint", args...).CombinedOutput()
	valid := make([]bool, len(bodies))
	for i := range bodies {
		valid[i] = bytes.Contains(out, []byte(filepath.Join(dir, fmt.Sprintf("%d.xml", i))+" validates\n"))
	}
	if bytes.Contains(out, []byte("failed to compile")) {
		t.Fatalf("%s: xmllint cannot read the schema: %.500s", xsd, out)
	}
	return valid
}
