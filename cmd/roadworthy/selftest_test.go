package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// detection gives the part of docs/detection.md that belongs to a contract.
func detection(t *testing.T, contract string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "detection.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(page), "<!-- selftest "+contract+": generated -->\n")
	section, _, ended := strings.Cut(after, "<!-- selftest "+contract+": end -->")
	if !found || !ended {
		t.Fatalf("docs/detection.md has no figures of %s: roadworthy selftest %s --write-docs docs/detection.md", contract, contract)
	}
	return section
}

// The page has every contract, every fault of the catalogue, nothing that survived,
// and no false alarm.
func TestDetectionPageIsComplete(t *testing.T) {
	all := regexp.MustCompile(`(?m)^\| \*\*all\*\* \| \| \d+ \| \*\*(\d+) / (\d+)\*\* \|`)
	for _, contract := range specs.BuiltIn() {
		section := detection(t, contract)
		for _, f := range faultCatalogue() {
			if !strings.Contains(section, fmt.Sprintf("\n| %s | %s |", f.Name, f.Kind)) {
				t.Errorf("%s: the fault %s is not in the table", contract, f.Name)
			}
		}
		sum := all.FindStringSubmatch(section)
		if sum == nil || sum[1] != sum[2] || sum[1] == "0" {
			t.Errorf("%s: found and seeded are %v, expected as many found as seeded", contract, sum)
		}
		if !strings.Contains(section, "**0 false alarms**") {
			t.Errorf("%s: the table tells of false alarms", contract)
		}
	}
}

// A part of the table is measured again: a check that was lost turns a row red.
func TestDetectionPageIsTrue(t *testing.T) {
	again := []string{"reset", "outcome", "forget-write", "allow-duplicate", "ignore-auth", "accept-everything", "leak-company", "200-with-error"}
	path := filepath.Join(t.TempDir(), "page.md")
	args := []string{"selftest", "transeu", "--clean-runs", "1", "--write-docs", path, "--faults", strings.Join(again, ",")}
	var out, failed bytes.Buffer
	if code := Main(args, nil, strings.NewReader(""), &out, &failed); code != exitFine {
		t.Fatalf("exit %d\n%s%s", code, out.String(), failed.String())
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	section := detection(t, "transeu")
	for _, name := range again {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \|.*$`)
		if now, then := row.FindString(string(page)), row.FindString(section); now == "" || now != then {
			t.Errorf("measured now\n%s\ndocs/detection.md says\n%s\nRun roadworthy selftest transeu --write-docs docs/detection.md", now, then)
		}
	}
}
