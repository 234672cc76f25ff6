package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// maxSaved bounds the requests of a contract that are saved, spread over all.
const maxSaved = 40

// TestSavedScenariosPass sends every example of a contract to a mock twice, saves
// each request as the console does, and runs what was saved as it is: on the mock
// that has seen the requests, and on one that has not.
func TestSavedScenariosPass(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			contract, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			server, seen := serveMock(t, contract)
			for range 2 {
				for _, op := range contract.Operations {
					for _, e := range op.Examples() {
						if e.Request != nil {
							try(t, seen, contract, op, e)
						}
					}
				}
			}
			folder := filepath.Join(t.TempDir(), "contract")
			if err := specs.Export(contract, folder); err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(filepath.Join(folder, "scenarios")); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Join(folder, "scenarios"), 0o755); err != nil {
				t.Fatal(err)
			}
			saved := 0
			all := server.Journal().Entries(journal.Filter{})
			for i, entry := range all {
				if entry.Operation == "" || i%(1+len(all)/maxSaved) != 0 {
					continue
				}
				text := get(t, fmt.Sprintf("%s/__admin/requests/%d/scenario", seen, entry.ID))
				if err := os.WriteFile(filepath.Join(folder, "scenarios", fmt.Sprintf("saved-%d.yaml", entry.ID)), text, 0o600); err != nil {
					t.Fatal(err)
				}
				saved++
			}
			_, fresh := serveMock(t, contract)
			for _, target := range []string{seen, fresh} {
				dir := t.TempDir()
				var out bytes.Buffer
				code := Main([]string{"test", folder, "--target", target, "--generated", "off", "--provider-states", target + "/__admin/provider-states",
					"--report-dir", dir, "--format", "json"}, nil, nil, &out, &out)
				text, err := os.ReadFile(filepath.Join(dir, "report.json"))
				if err != nil {
					t.Fatalf("%v\n%s", err, out.String())
				}
				var report reports.Report
				if err := json.Unmarshal(text, &report); err != nil {
					t.Fatal(err)
				}
				passed := 0
				for _, s := range report.Scenarios {
					if s.Status == "passed" {
						passed++
					} else {
						t.Errorf("%s: %s", s.ID, s.Status)
						t.Logf("%s", out.String())
					}
				}
				if code != 0 || passed != saved || saved == 0 {
					t.Errorf("exit %d, %d of %d saved scenarios passed", code, passed, saved)
				}
			}
		})
	}
}

func serveMock(t *testing.T, c *specs.Contract) (*mockserver.Server, string) {
	t.Helper()
	server, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(func() { web.Close(); _ = server.Close() })
	return server, web.URL
}

// try sends an example by way of the admin API, as the console does.
func try(t *testing.T, base string, c *specs.Contract, op *specs.Operation, e *specs.Example) {
	t.Helper()
	r := e.Request
	identity := e.Identity
	if identity == "" {
		identity = "default"
	}
	body, err := json.Marshal(map[string]any{"contract": c.Name, "operation": op.ID, "identity": identity, "path": r.Path, "query": r.Query, "headers": r.Headers, "mediaType": r.MediaType, "body": string(r.Body)})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(base+"/__admin/try", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 {
		t.Errorf("try %s %s: %d %s", op.ID, e.Name, resp.StatusCode, answer)
	}
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("GET %s: %d %v %s", url, resp.StatusCode, err, text)
	}
	return text
}
