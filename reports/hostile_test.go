package reports_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// acting are characters that no text for people may hold.
var acting = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain text is left alone", "Grüße, 東京 <b> \n\t'", "Grüße, 東京 <b> \n\t'"},
		{"ANSI", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"NUL and DEL", "a\x00b\x7f", `a\x00b\x7f`},
		{"carriage return overwrites a line", "bad\rgood", `bad\rgood`},
		{"override turns a name round", "invoice\u202egnp.exe", `invoice\u202egnp.exe`},
		{"isolates", "\u2066a\u2069", `\u2066a\u2069`},
		{"zero width", "pay\u200bpal\ufeff", `pay\u200bpal\ufeff`},
		{"line separator ends a line of script", "a\u2028b", `a\u2028b`},
		{"C1", "\u009b31m", `\x9b31m`},
		{"tags", "a\U000e0041", `a\U000e0041`},
		{"bytes that are not UTF-8", "a\xff\xfe", `a\xff\xfe`},
		{"the replacement character itself is a character", "\ufffd", "\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := reports.Visible(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

//fuzz:file
func FuzzVisible(f *testing.F) {
	f.Add(hostile)
	f.Fuzz(func(t *testing.T, s string) {
		got := reports.Visible(s)
		if !utf8.ValidString(got) || acting.MatchString(got) {
			t.Errorf("%q became %q", s, got)
		}
		if reports.Visible(got) != got {
			t.Errorf("%q changes when it is made visible again", got)
		}
	})
}

// No format for people lets a character through that acts.
func TestTextFormatsShowWhatActs(t *testing.T) {
	var terminal bytes.Buffer
	if err := reports.Terminal(&terminal, poisoned(), reports.TerminalOptions{Trace: true}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"terminal": terminal.String(),
		"github":   render(t, reports.GitHub, poisoned()),
		"markdown": render(t, reports.Markdown, poisoned()),
		"junit":    render(t, reports.JUnit, poisoned()),
		"sarif":    render(t, reports.SARIF, poisoned()),
	} {
		if found := acting.FindString(text); found != "" || !utf8.ValidString(text) {
			t.Errorf("%s holds %q", name, found)
		}
		if !strings.Contains(text, `\x1b`) {
			t.Errorf("%s does not show the escape character", name)
		}
	}
}

func TestTerminalColoursOnlyWhenAsked(t *testing.T) {
	var plain, color bytes.Buffer
	reports.Terminal(&plain, sample(), reports.TerminalOptions{})
	reports.Terminal(&color, sample(), reports.TerminalOptions{Color: true})
	if strings.Contains(plain.String(), "\x1b") {
		t.Error("colour that nobody asked for")
	}
	if stripped := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(color.String(), ""); stripped != plain.String() {
		t.Error("colour changes the text")
	}
	for _, line := range strings.Split(plain.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > 80 && !strings.Contains(line, "profile") && !strings.Contains(line, "·") && !strings.HasPrefix(line, "  error") {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

func TestGitHubLinesAreCommands(t *testing.T) {
	line := regexp.MustCompile(`^::(error|warning|notice) (file=[^,:]*,)?(line=\d+,)?title=[^,:]*::.*$`)
	text := render(t, reports.GitHub, poisoned())
	for _, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if !line.MatchString(l) {
			t.Errorf("not one annotation: %q", l)
		}
	}
}

func TestGitHubStopsAtALimit(t *testing.T) {
	r := sample()
	for i := range 200 {
		r.Deviations = append(r.Deviations, reports.Deviation{ID: "x" + string(rune('a'+i%26)) + strings.Repeat("y", i), Operation: "op" + strings.Repeat("o", i), Severity: reports.SeverityError, Kind: "type"})
	}
	lines := strings.Count(render(t, reports.GitHub, r), "\n")
	if lines != 52 {
		t.Errorf("%d lines, want 50 causes, one that counts the rest, and the verdict", lines)
	}
}

func TestMarkdownHoldsItsTables(t *testing.T) {
	text := render(t, reports.Markdown, poisoned())
	outside := regexp.MustCompile("``[^\n]*?``|`[^`\n]*`").ReplaceAllString(text, "")
	for _, live := range []string{"<", "://", "@"} {
		if strings.Contains(outside, live) {
			t.Errorf("%s outside a code span in\n%s", live, outside)
		}
	}
	if !strings.Contains(outside, "&amp;amp;") {
		t.Error("an entity from outside is read as one")
	}
	cells := 0
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			cells = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\|`, ""), "|")
		if cells != 0 && n != cells {
			t.Errorf("a row of %d cells in a table of %d: %s", n, cells, line)
		}
		cells = n
	}
}

type junitFile struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Suites   []struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct {
				Message string `xml:",chardata"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func TestJUnitIsValidByItsSchema(t *testing.T) {
	source, err := os.ReadFile("testdata/junit.xsd")
	if err != nil {
		t.Fatal(err)
	}
	xsd, err := schema.CompileXSD("junit.xsd", source)
	if err != nil {
		t.Fatal(err)
	}
	validator, err := xsd.ForRoot("testsuites")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*reports.Report{"sample": sample(), "poisoned": poisoned(), "nothing ran": {Verdict: reports.Inconclusive, Why: []string{"refused"}}} {
		_, violations, err := validator.Strict().Judge([]byte(render(t, reports.JUnit, r)), "")
		if err != nil || len(violations) > 0 {
			t.Errorf("%s: %v %v", name, err, violations)
		}
	}
}

func TestJUnitTypesEachStatus(t *testing.T) {
	var file junitFile
	if err := xml.Unmarshal([]byte(render(t, reports.JUnit, sample())), &file); err != nil {
		t.Fatal(err)
	}
	if file.Tests != 8 || file.Failures != 2 || file.Errors != 1 {
		t.Errorf("counts are %d tests, %d failures, %d errors; want 8, 2, 1", file.Tests, file.Failures, file.Errors)
	}
	got := map[string]string{}
	for _, suite := range file.Suites {
		for _, c := range suite.Cases {
			switch {
			case c.Failure != nil:
				got[c.Name] = "failure"
			case c.Error != nil:
				got[c.Name] = "error"
			case c.Skipped != nil:
				got[c.Name] = "skipped"
				if c.Skipped.Message == "" {
					t.Errorf("%s is skipped without a reason", c.Name)
				}
			default:
				got[c.Name] = "passed"
			}
		}
	}
	for _, c := range []struct{ name, want string }{
		{"petshop.create", "passed"}, {"petshop.enum", "failure"}, {"petshop.link", "failure"}, {"petshop.broken", "error"},
		{"petshop.state", "skipped"}, {"petshop.warned", "passed"}, {"petshop.unsupported", "skipped"}, {"petshop.waived", "skipped"},
	} {
		if got[c.name] != c.want {
			t.Errorf("%s is %s, want %s", c.name, got[c.name], c.want)
		}
	}
}

// A CI server that reads only JUnit must not call a run green that judged nothing.
func TestJUnitOfARunThatJudgedNothingIsAnError(t *testing.T) {
	r := &reports.Report{Suite: reports.Suite{Contract: "petshop"}, Verdict: reports.Inconclusive, Why: []string{"connection refused"}}
	var file junitFile
	if err := xml.Unmarshal([]byte(render(t, reports.JUnit, r)), &file); err != nil {
		t.Fatal(err)
	}
	if file.Tests != 1 || file.Errors != 1 {
		t.Errorf("%d tests, %d errors; want one test in error", file.Tests, file.Errors)
	}
}

// scripts gives the script elements of a page, and every other element and attribute.
func scripts(t *testing.T, page string) (scripts []*html.Node, elements map[string]int, attributes []html.Attribute) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	elements = map[string]int{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		elements[n.Data]++
		attributes = append(attributes, n.Attr...)
		if n.Data == "script" {
			scripts = append(scripts, n)
		}
	}
	return scripts, elements, attributes
}

func TestHTMLHoldsNothingFromOutside(t *testing.T) {
	clean, want, _ := scripts(t, render(t, reports.HTML, sample()))
	got, elements, attributes := scripts(t, render(t, reports.HTML, poisoned()))
	if len(got) != 3 || len(clean) != 3 {
		t.Errorf("%d and %d scripts, want 3", len(got), len(clean))
	}
	for name := range elements {
		if want[name] == 0 {
			t.Errorf("hostile text made an element %s", name)
		}
	}
	for _, a := range attributes {
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
			t.Errorf("attribute %s=%q loads or runs something", a.Key, a.Val)
		}
	}
	page := render(t, reports.HTML, poisoned())
	markup := page[:strings.Index(page, `<script type="application/json"`)]
	if found := acting.FindString(markup); found != "" {
		t.Errorf("the markup holds %q", found)
	}
	for _, s := range got[:2] {
		if !json.Valid([]byte(s.FirstChild.Data)) {
			t.Errorf("the data %v is no JSON", s.Attr)
		}
	}
}

// The policy allows the page's own script and style sheet by their hashes, and they
// are what the page holds.
func TestHTMLPolicyFitsThePage(t *testing.T) {
	page := render(t, reports.HTML, sample())
	hash := func(open, end string) string {
		from := strings.LastIndex(page, open) + len(open)
		sum := sha256.Sum256([]byte(page[from : from+strings.Index(page[from:], end)]))
		return "&#39;sha256-" + html.EscapeString(base64.StdEncoding.EncodeToString(sum[:])) + "&#39;"
	}
	line := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
	line = strings.ReplaceAll(line, "&#43;", "+")
	for _, want := range []string{"default-src &#39;none&#39;", "style-src " + hash("<style>", "</style>"), "script-src " + hash("<script>", "</script>")} {
		if !strings.Contains(line, want) {
			t.Errorf("the policy lacks %s: %s", want, line)
		}
	}
	if strings.Contains(line, "unsafe") {
		t.Errorf("the policy is open: %s", line)
	}
}

func TestHTMLOfManyStepsIsPacked(t *testing.T) {
	page := render(t, reports.HTML, large(2000, 5))
	if !strings.Contains(page, `data-packed="true"`) {
		t.Error("10,000 steps are not packed")
	}
	if mb := len(page) >> 20; mb > 4 {
		t.Errorf("the page of 10,000 steps is %d MB", mb)
	}
}

// The command that a report prints sends what was sent, and does nothing else,
// whatever the report holds. A function takes the place of curl.
func TestCurlIsOneHarmlessCommand(t *testing.T) {
	dir := t.TempDir()
	for name, req := range map[string]reports.Request{
		"plain":    sample().Scenarios[1].Steps[0].Exchange.Request,
		"secrets":  sample().Scenarios[2].Steps[0].Exchange.Request,
		"hostile":  poisoned().Scenarios[1].Steps[0].Exchange.Request,
		"a file":   {Method: "POST", URL: "-K/etc/passwd", Body: "@/etc/passwd"},
		"NUL":      {Method: "PUT", URL: "http://x/", Body: "%s %% \\n \x00'$(id)`id`\n\xff\x00"},
		"long":     {Method: "PUT", URL: "http://x/", Headers: map[string][]string{"Content-Type": {"text/plain"}}, Body: strings.Repeat("it's long %s ", 20_000)},
		"commands": {Method: "POST; touch owned", URL: "http://x/$(touch owned)`touch owned`", Headers: map[string][]string{"X": {"'; touch owned; '"}}, Body: "'\ntouch owned\n'\\"},
	} {
		t.Run(name, func(t *testing.T) {
			line := reports.Curl(req)
			cmd := exec.Command("bash", "-s")
			cmd.Stdin = strings.NewReader("curl() { printf '%s\\0' \"$@\"; case \" $* \" in *' @- '*) printf 'piped\\0'; cat;; esac; }\n" + line)
			cmd.Dir = dir
			cmd.Env = []string{"TOKEN=t0k", "LOGIN=me", "PASSWORD=pw", "SECRET=s", "LC_ALL=C"}
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %.300s\n%.300s", err, out, line)
			}
			said, piped, isPiped := strings.Cut(string(out), "\x00piped\x00")
			args := strings.Split(strings.TrimSuffix(said, "\x00"), "\x00")
			want := strings.NewReplacer(`login="***"`, `login="me"`, `password="***"`, `password="pw"`).Replace(req.Body)
			switch i := slices.Index(args, "--data-raw"); {
			case isPiped && (piped != want || !slices.Contains(args, "--data-binary")):
				t.Errorf("the body became %.300q, want %.300q", piped, want)
			case !isPiped && (i < 0 || args[i+1] != want):
				t.Errorf("the body became %q, want %q", args, want)
			}
			// Without a type, curl would call every body a form.
			if req.Headers["Content-Type"] == nil && !slices.Contains(args, "Content-Type:") {
				t.Errorf("a Content-Type is sent that was none: %.300q", args)
			}
			if i := slices.Index(args, "--url"); i < 0 || args[i+1] != strings.ReplaceAll(req.URL, "\x00", "") {
				t.Errorf("the address became %q", args)
			}
			for i, a := range args {
				if i > 0 && args[i-1] == "--header" && strings.HasPrefix(a, "@") {
					t.Errorf("a header is read from a file: %q", a)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
				t.Errorf("the command made %v", left)
			}
			if acting.MatchString(line) {
				t.Error("the line holds characters that act")
			}
		})
	}
}

// What everybody may know stands in the command, so that it works as it is; what
// could be read as more than a word does not.
func TestCurlWithKnownSecrets(t *testing.T) {
	known := reports.Secrets{Token: "demo", Login: "me", Password: `p"; id #`, Secret: "demo"}
	for _, one := range []struct{ name, header, value, want string }{
		{"bearer", "Authorization", "Bearer ***", `'Authorization: Bearer '"${TOKEN:-demo}"`},
		{"basic", "Authorization", "Basic ***", `--user "${LOGIN:-me}:$PASSWORD"`},
		{"another header", "X-Key", "***", `'X-Key: '"${SECRET:-demo}"`},
	} {
		line := known.Curl(reports.Request{Method: "GET", URL: "http://x/", Headers: map[string][]string{one.header: {one.value}}})
		if !strings.Contains(line, one.want) {
			t.Errorf("%s: expected %s in %s", one.name, one.want, line)
		}
	}
}
