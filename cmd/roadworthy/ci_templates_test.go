package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// gitlabJob is a job of the template with what it extends.
type gitlabJob struct {
	Extends   string            `yaml:"extends"`
	Variables map[string]string `yaml:"variables"`
	Before    []string          `yaml:"before_script"`
	Script    []string          `yaml:"script"`
}

func gitlabJobs(t *testing.T) map[string]gitlabJob {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "ci", "gitlab.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var jobs map[string]gitlabJob
	if err := yaml.Unmarshal(text, &jobs); err != nil {
		t.Fatal(err)
	}
	return jobs
}

// run runs a job as a runner does: one shell, the variables of the job over those that
// it extends.
func (j gitlabJob) run(t *testing.T, jobs map[string]gitlabJob, dir string, env ...string) (string, error) {
	t.Helper()
	base := jobs[j.Extends]
	var variables []string
	for _, from := range []map[string]string{base.Variables, j.Variables} {
		for name, value := range from {
			variables = append(variables, name+"="+value)
		}
	}
	return shell(t, dir, strings.Join(append(append([]string{}, base.Before...), j.Script...), "\n"), append(variables, env...)...)
}

// TestGitLabTemplate runs the jobs of the template.
func TestGitLabTemplate(t *testing.T) {
	jobs := gitlabJobs(t)
	mock := startProcess(t, "transeu")
	dir := t.TempDir()
	har := `{"log":{"entries":[{"request":{"method":"GET","url":"http://h/api/rest/v1/orders/2b0c3d4e-1111-4000-8000-000000000001"},"response":{"status":404,"content":{"size":0,"text":""}}}]}}`
	if err := os.WriteFile(filepath.Join(dir, "traffic.har"), []byte(har), 0o644); err != nil {
		t.Fatal(err)
	}
	prepare := `roadworthy contract export transeu contract && git init -q -b main . && git add contract && git -c user.name=t -c user.email=t@example.com commit -qm contract && git update-ref refs/remotes/origin/main HEAD`
	if out, err := shell(t, dir, prepare); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	contract := []string{"CONTRACT=contract", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main"}
	if out, err := jobs[".roadworthy-test"].run(t, jobs, dir, "CONTRACT=transeu", "TARGET="+mock.url); err != nil {
		t.Errorf("test: %v\n%s", err, out)
	}
	if out, err := jobs[".roadworthy-check"].run(t, jobs, dir, "CONTRACT=transeu"); fmt.Sprint(err) != "exit status 1" || !strings.Contains(out, "NON-CONFORMANT") {
		t.Errorf("check of an answer without its body: %v, expected a deviation\n%s", err, out)
	}
	if out, err := jobs[".roadworthy-contract"].run(t, jobs, dir, contract...); err != nil || !strings.Contains(out, "nothing changed") {
		t.Errorf("contract: %v\n%s", err, out)
	}
	broken := `sed -i 's/^  \/shipping-orders:/  \/shipping-orders-2:/' contract/openapi.yaml`
	if out, err := shell(t, dir, broken); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := jobs[".roadworthy-contract"].run(t, jobs, dir, contract...)
	if fmt.Sprint(err) != "exit status 1" {
		t.Errorf("a path less: %v, expected exit status 1\n%s", err, out)
	}
	if junit, err := os.ReadFile(filepath.Join(dir, "roadworthy-report", "junit.xml")); err != nil || !strings.Contains(string(junit), "<failure") {
		t.Errorf("the merge request shows no failure: %v\n%s", err, junit)
	}
}

// TestGitLabInstalls puts a release in the place of the real one: its checksum decides.
func TestGitLabInstalls(t *testing.T) {
	jobs := gitlabJobs(t)
	dir := t.TempDir()
	prepare := `arch=$(dpkg --print-architecture); name=roadworthy_v9_linux_$arch; mkdir -p "$name" releases/latest/download
printf '#!/bin/sh\necho roadworthy v9 "$@"\n' >"$name/roadworthy" && chmod +x "$name/roadworthy"
tar -czf "releases/latest/download/$name.tar.gz" "$name" && cd releases/latest/download && sha256sum ./*.tar.gz | sed 's# \./# #' >SHA256SUMS`
	if out, err := shell(t, dir, prepare); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "ROADWORTHY_RELEASES=file://" + dir + "/releases", "CONTRACT=x", "TARGET=y"}
	if out, err := jobs[".roadworthy-test"].run(t, jobs, dir, env...); err != nil || !strings.Contains(out, "roadworthy v9 test x --target y") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := shell(t, dir, "rm -rf .roadworthy; for f in releases/latest/download/*.tar.gz; do echo more >>$f; done"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := jobs[".roadworthy-test"].run(t, jobs, dir, env...); err == nil {
		t.Errorf("an archive with another checksum was taken\n%s", out)
	}
}

// TestClientPipelineEndsWithTheVerdict runs the step of the template for a client's
// developers, with tests that send what they should and what they should not.
func TestClientPipelineEndsWithTheVerdict(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "ci", "github-client.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Run string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	steps := workflow.Jobs["client"].Steps
	script := strings.NewReplacer("127.0.0.1:8080", "127.0.0.1:18471", "127.0.0.1:8081", "127.0.0.1:18472", "roadworthy health", "roadworthy health --listen 127.0.0.1:18471").Replace(steps[len(steps)-1].Run)
	for _, row := range []struct{ name, body, want string }{
		{"a good client", `-X GET $1/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c`, "<nil>"},
		{"a client that deviates", `-X POST -H 'Content-Type: application/json' -d '{}' $1/api/rest/v1/shipping-orders`, "exit status 1"},
		{"tests that fail", `-X GET $1/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c; exit 7`, "exit status 7"},
	} {
		dir := t.TempDir()
		tests := "#!/bin/sh\ncurl -s -H 'Authorization: Bearer demo' " + row.body + "\n"
		if err := os.WriteFile(filepath.Join(dir, "our-client-tests.sh"), []byte(tests), 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := shell(t, dir, "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n"+script)
		if fmt.Sprint(err) != row.want {
			t.Errorf("%s: %v, expected %s\n%s", row.name, err, row.want, out)
		}
	}
}
