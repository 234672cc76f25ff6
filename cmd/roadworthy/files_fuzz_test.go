package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver/fault"
)

// FuzzFiles reads the files that flags name: faults and identities. What is wrong is
// an error, never a panic.
//
//fuzz:file
func FuzzFiles(f *testing.F) {
	f.Add("- {fault: latency, params: {delay: 1ms}, every: 2}\n")
	f.Add("identities:\n  transeu: [{name: a, token: b, company: c, scopes: [x]}]\n")
	f.Add("- &a {fault: *a}\n")
	f.Add("- {fault: outcome, probability: .nan, call: -1}\n")
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(folder, "file.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if all, err := readFaults(path, nil); err == nil {
			set := fault.NewSet(fault.Options{Chance: func() float64 { return 0.5 }})
			_ = armFaults(set, all)
			for range 3 {
				if _, err := set.Plan(fault.Call{Contract: "c", Operation: "o", Session: "s"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		_, _ = readMockIdentities(path)
	})
}
