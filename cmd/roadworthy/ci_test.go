package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/reports"
)

// shell runs lines as a pipeline does, stopping at the first that fails.
func shell(t *testing.T, dir, lines string, env ...string) (output string, err error) {
	t.Helper()
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", lines)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// fenced gives the blocks of a page in one language.
func fenced(page, language string) []string {
	var all []string
	for _, part := range strings.Split(page, "```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		all = append(all, block)
	}
	return all
}

// TestDocsCIPage runs the commands of docs/ci.md as they stand.
func TestDocsCIPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := fenced(string(page), "sh")
	if len(blocks) < 5 {
		t.Fatalf("only %d blocks of commands were found", len(blocks))
	}
	mock := startProcess(t, "transeu")
	dir := t.TempDir()
	files := map[string]string{
		"traffic.har": `{"log":{"entries":[{"request":{"method":"GET","url":"http://h/api/rest/v1/orders/2b0c3d4e-1111-4000-8000-000000000001"},"response":{"status":404,"content":{"size":9}}}]}}`,
		"recorded/recorded.yaml": "id: recorded.getOrder.1\ntitle: One\nsteps:\n  - id: get\n    operation: getOrder\n" +
			"    request: {path: {order-id: 2b0c3d4e-1111-4000-8000-000000000001}}\n    expect: {status: 404}\n",
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	prepare := "roadworthy contract export transeu contract && git init -q . && git add contract && git -c user.name=t -c user.email=t@example.com commit -qm contract"
	if out, err := shell(t, dir, prepare); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, block := range blocks {
		if out, err := shell(t, dir, block, "SERVICE="+mock.url, "MOCK="+mock.url, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md")); err != nil {
			t.Errorf("%s%v\n%s", block, err, out)
		}
	}
	summary, err := os.ReadFile(filepath.Join(dir, "summary.md"))
	if err != nil || strings.Count(string(summary), "\n# ") < 4 || !strings.Contains(string(summary), "lint of") {
		t.Errorf("the page of the job lacks summaries: %v\n%s", err, summary)
	}
}

// TestShardsAreOneRun compares one run with the merged report of its shards, exit code
// included.
func TestShardsAreOneRun(t *testing.T) {
	const stale = "waivers: [{deviation: '0000000000000000', reason: gone, owner: us, expires: '2999-12-31'}]"
	for _, row := range []struct {
		name, faults, flags string
		shards, exit        int
	}{
		{"a sound service", "[]", "--min-coverage outcomes=80", 3, 0},
		{"less covered than asked for", "[]", "--exclude 'transeu.order.*' --min-coverage outcomes=99", 2, 1},
		{"a waiver that fits nothing", "[]", "--waivers waivers.yaml", 2, 1},
		{"a warning where none may be", "[{fault: extra-field, operation: getOrder}]", "--fail-on warning --generated off", 2, 0},
		{"a service with flaws", "[{fault: allow-duplicate}, {fault: retype, operation: getOrder}]", "", 7, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"faults.yaml": row.faults, "waivers.yaml": stale} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			mock := startProcess(t, "transeu", "--faults", filepath.Join(dir, "faults.yaml"))
			run := "roadworthy test transeu --target " + mock.url + " --format json " + row.flags
			_, err := shell(t, dir, run+" --report-dir whole")
			merge := "roadworthy report merge --report-dir merged --format json"
			for n := row.shards; n > 0; n-- {
				out, err := shell(t, dir, fmt.Sprintf("%s --shard %d/%d --report-dir shard-%d", run, n, row.shards, n))
				if err != nil && !strings.Contains(err.Error(), "exit status 1") {
					t.Fatalf("shard %d: %v\n%s", n, err, out)
				}
				merge += fmt.Sprintf(" shard-%d/report.json", n)
			}
			out, merged := shell(t, dir, merge)
			want := map[int]string{0: "<nil>", 1: "exit status 1"}[row.exit]
			if fmt.Sprint(err) != want || fmt.Sprint(merged) != want {
				t.Errorf("one run: %v; merged: %v; expected %s\n%s", err, merged, want, out)
			}
			compareReports(t, readReport(t, dir, "whole"), readReport(t, dir, "merged"))
		})
	}
}

// TestLostShardsAreAnError: a pipeline that lost a shard must not be green.
func TestLostShardsAreAnError(t *testing.T) {
	mock := startProcess(t, "transeu")
	dir := t.TempDir()
	lines := `roadworthy test transeu --target $MOCK --generated off --report-dir whole --format json
for i in 1 2 3; do roadworthy test transeu --target $MOCK --generated off --shard $i/3 --report-dir shard-$i --format json; done
roadworthy test transeu --target $MOCK --generated off --shard 1/2 --report-dir half --format json`
	if out, err := shell(t, dir, lines, "MOCK="+mock.url); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, lost := range []struct{ args, want string }{
		{"shard-3 shard-1", "shards are missing: 2/3"},
		{"shard-3 shard-1 shard-3", "reports 1 and 3 are both shard 3/3"},
		{"whole shard-1", "report 1 is no shard"},
		{"shard-2 half", "all must be of one division"},
	} {
		args := ""
		for _, name := range strings.Fields(lost.args) {
			args += " " + name + "/report.json"
		}
		out, err := shell(t, dir, "roadworthy report merge"+args+" --report-dir lost --format json")
		if fmt.Sprint(err) != "exit status 2" || !strings.Contains(out, lost.want) {
			t.Errorf("%s: %v, expected exit status 2 and %q\n%s", lost.args, err, lost.want, out)
		}
	}
}

func readReport(t *testing.T, dir, name string) *reports.Report {
	t.Helper()
	r, err := reports.Read(filepath.Join(dir, name, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// compareReports compares all that is not an accident of one run.
func compareReports(t *testing.T, one, merged *reports.Report) {
	t.Helper()
	compare := func(what string, a, b any) {
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		for i := range min(len(x), len(y)) {
			if x[i] != y[i] {
				t.Errorf("%s differ:\none run …%.300s\nmerged  …%.300s", what, x[max(0, i-150):], y[max(0, i-150):])
				return
			}
		}
		if len(x) != len(y) {
			t.Errorf("%s differ in length", what)
		}
	}
	whys := func(r *reports.Report) []string {
		why := slices.Clone(r.Why)
		for i := range why {
			why[i] = strings.Replace(why[i], " (us)", "", 1) // a shard knows the waiver, not its owner
		}
		return why
	}
	compare("verdicts", one.Verdict, merged.Verdict)
	compare("reasons", whys(one), whys(merged))
	compare("filters", one.Suite.Filters, merged.Suite.Filters)
	compare("stale waivers", one.StaleWaivers, merged.StaleWaivers)
	compare("scenarios", statuses(one), statuses(merged))
	compare("deviations", deviationIDs(one), deviationIDs(merged))
	compare("coverage", one.Coverage, merged.Coverage)
	compare("profiles", sortedProfiles(one), sortedProfiles(merged))
}

func statuses(r *reports.Report) []string {
	var all []string
	for _, s := range r.Scenarios {
		line := fmt.Sprintf("%s %s %s", s.ID, s.Status, s.Why)
		for _, st := range s.Steps {
			line += fmt.Sprintf(" %s:%s", st.ID, st.Status)
		}
		all = append(all, line)
	}
	return all
}

func deviationIDs(r *reports.Report) []string {
	var all []string
	for _, d := range r.Deviations {
		all = append(all, d.ID+" "+string(d.Severity))
	}
	return all
}

func sortedProfiles(r *reports.Report) []reports.ProfileResult {
	all := slices.Clone(r.Profiles)
	slices.SortFunc(all, func(a, b reports.ProfileResult) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// TestAnnotationsLandOnTheLine has a service that answers nonsense judged by an own
// contract, and looks where the annotations point.
func TestAnnotationsLandOnTheLine(t *testing.T) {
	dir := t.TempDir()
	if out, err := shell(t, dir, "roadworthy contract export transeu api"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.MkdirAll(filepath.Join(dir, "api", "scenarios"), 0o755); err != nil {
		t.Fatal(err)
	}
	scenario := "# one\nid: own.get\ntitle: One\nsteps:\n  - id: get\n    operation: getOrder\n    request: {path: {order-id: 2b0c3d4e-1111-4000-8000-000000000001}}\n    expect: {status: 404}\n"
	if err := os.WriteFile(filepath.Join(dir, "api", "scenarios", "own.yaml"), []byte(scenario), 0o644); err != nil {
		t.Fatal(err)
	}
	service := newNonsense(t)
	out, err := shell(t, dir, "roadworthy test api --target $SERVICE --only own.get --only 'generated.getOrder.*' --format github,sarif", "SERVICE="+service)
	if err == nil {
		t.Errorf("expected deviations\n%s", out)
	}
	if !strings.Contains(out, "::error file=api/scenarios/own.yaml,line=8,title=getOrder%3A status 200") {
		t.Errorf("no annotation on the line that expects another status\n%s", out)
	}
	sarif, err := os.ReadFile(filepath.Join(dir, "roadworthy-report", "report.sarif"))
	if err != nil || !strings.Contains(string(sarif), `"uri": "api/openapi.yaml"`) {
		t.Errorf("no result on the line of the operation, for a generated case: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "api", "examples", "addShippingOrder", "minimal", "request.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _ = shell(t, dir, "roadworthy lint api --format github")
	if !strings.Contains(out, "::error file=api/examples/addShippingOrder/minimal/") {
		t.Errorf("no annotation on the line of the contract\n%s", out)
	}
}

// newNonsense is a service that is there and keeps to nothing.
func newNonsense(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/hal+json")
		_, _ = w.Write([]byte(`{"id": 7}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestActionScripts runs the scripts of the GitHub action.
func TestActionScripts(t *testing.T) {
	here, err := filepath.Abs(filepath.Join("..", "..", ".github", "actions", "roadworthy"))
	if err != nil {
		t.Fatal(err)
	}
	mock := startProcess(t, "transeu")
	dir := t.TempDir()
	env := func(more ...string) []string {
		return append([]string{"INPUT_REPORT_DIR=out", "INPUT_CONTRACT=transeu", "INPUT_TARGET=" + mock.url, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
			"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary.md")}, more...)
	}
	for _, tc := range []struct {
		name string
		env  []string
		exit string
	}{
		{"test", []string{"INPUT_COMMAND=test", "INPUT_ARGS=--generated\noff\n--only\ntranseu.read.*"}, ""},
		{"lint", []string{"INPUT_COMMAND=lint"}, ""},
		{"drift", []string{"INPUT_COMMAND=drift", "INPUT_FILE=transeu"}, ""},
		{"install", []string{"INPUT_COMMAND=install", "INPUT_CONTRACT="}, ""},
		{"no contract", []string{"INPUT_COMMAND=lint", "INPUT_CONTRACT="}, "exit status 2"},
		{"no target", []string{"INPUT_COMMAND=test", "INPUT_TARGET="}, "exit status 2"},
		{"no shell", []string{"INPUT_COMMAND=test; touch pwned"}, "exit status 2"},
		{"deviations", []string{"INPUT_COMMAND=test", "INPUT_CONTRACT=otm5", "INPUT_ARGS=--generated\noff"}, "exit status"},
	} {
		out, err := shell(t, dir, here+"/run.sh", env(tc.env...)...)
		if got := fmt.Sprint(err); tc.exit == "" && err != nil || tc.exit != "" && !strings.Contains(got, tc.exit) {
			t.Errorf("%s: %v, expected %q\n%s", tc.name, err, tc.exit, out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
		t.Error("an input was read as shell")
	}
	if output, err := os.ReadFile(filepath.Join(dir, "output")); err != nil || !strings.HasPrefix(string(output), "exit-code=0\n") {
		t.Errorf("the output of the action: %s %v", output, err)
	}
	if out, err := shell(t, dir, here+"/install.sh"); err != nil || !strings.Contains(out, "roadworthy ") {
		t.Errorf("the one on the PATH is taken: %v\n%s", err, out)
	}
}

// TestTemplatesCanBeRead holds templates and hooks: YAML that can be read, and only
// commands that there are.
func TestTemplatesCanBeRead(t *testing.T) {
	root := filepath.Join("..", "..")
	files, err := filepath.Glob(filepath.Join(root, "docs", "ci", "*.yml"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	files = append(files, filepath.Join(root, ".pre-commit-hooks.yaml"), filepath.Join(root, ".github", "actions", "roadworthy", "action.yml"),
		filepath.Join(root, ".github", "workflows", "check.yml"))
	commands := everyCommand(t)
	named := regexp.MustCompile(`(?m)(?:entry: |- |^ *)roadworthy ([a-z]+)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := yaml.Unmarshal(text, &doc); err != nil || doc == nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if commands["roadworthy "+m[1]] == nil {
				t.Errorf("%s names the command %q, which there is not", file, m[1])
			}
		}
	}
}
