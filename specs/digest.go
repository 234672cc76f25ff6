package specs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
)

// digest is the SHA-256 over the sorted files: for each its name, its length and
// its bytes, so that moving a byte from one file to another changes it.
func digest(fsys fs.FS, names []string) string {
	sum := sha256.New()
	for _, name := range names {
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			continue // reading it is reported where it is used
		}
		fmt.Fprintf(sum, "%s\n%d\n", name, len(body))
		sum.Write(body)
		io.WriteString(sum, "\n")
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}
