package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Finding says what makes two deviations the same one.
type Finding struct {
	Contract  string
	Operation string
	Scenario  string
	Step      string
	In        string
	Path      string
	Kind      string
}

// Fingerprint names a finding: the same in every run, on every machine, whatever
// values were made for the run and wherever in a list the field stood.
func Fingerprint(f Finding) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Contract, f.Operation, f.Scenario, f.Step, f.In,
		payload.StripIndexes(f.Path), f.Kind}, "\x00")))
	return hex.EncodeToString(sum[:8])
}
