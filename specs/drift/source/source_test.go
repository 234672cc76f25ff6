package source

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a git repository with one commit on main, and goes there.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	write("specs/a/contract.yaml", "committed")
	write("specs/a/versions/1.yaml", "one")
	write("top.yaml", "top")
	run("init", "-q", "-b", "main")
	run("add", ".")
	run("commit", "-q", "-m", "one")
	write("specs/a/contract.yaml", "edited")
	t.Chdir(dir)
	return dir
}

func TestOpen(t *testing.T) {
	repository(t)
	for _, row := range []struct {
		ref, in    string // the folder to stand in
		name, read string
		text       string
	}{
		{"specs/a", "", "", "contract.yaml", "edited"},
		{"specs/a/contract.yaml", "", "contract.yaml", "contract.yaml", "edited"},
		{"specs/a/versions/1.yaml", "", "versions/1.yaml", "contract.yaml", "edited"},
		{"contract.yaml", "specs/a", "contract.yaml", "contract.yaml", "edited"},
		{"main:specs/a", "", "", "contract.yaml", "committed"},
		{"main:specs/a/", "", "", "contract.yaml", "committed"},
		{"HEAD:specs/a/contract.yaml", "", "contract.yaml", "contract.yaml", "committed"},
		{"main:specs/a/versions/1.yaml", "", "versions/1.yaml", "contract.yaml", "committed"},
		{"main:top.yaml", "", "top.yaml", "specs/a/contract.yaml", "committed"},
		{"main:specs/a", "specs", "", "contract.yaml", "committed"},
		{"main:./a", "specs", "", "contract.yaml", "committed"},
		{"main:./a/contract.yaml", "specs", "contract.yaml", "contract.yaml", "committed"},
		{"main:./contract.yaml", "specs/a", "contract.yaml", "versions/1.yaml", "one"},
	} {
		t.Run(row.ref, func(t *testing.T) {
			t.Chdir(filepath.Join(".", row.in))
			s, err := Open(t.Context(), row.ref)
			if err != nil {
				t.Fatal(err)
			}
			text, err := fs.ReadFile(s.FS, row.read)
			if s.Name != row.name || string(text) != row.text {
				t.Errorf("file %q, %s holds %q (%v); want %q and %q", s.Name, row.read, text, err, row.name, row.text)
			}
		})
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	repository(t)
	for _, row := range []struct{ ref, want string }{
		{"nothing", "no such file, folder or git revision"},
		{":a", "no such file, folder or git revision"},
		{"other:specs/a", `no commit "other"`},
		{"--upload-pack=x:specs/a", "no commit"},
		{"main:specs/b", `no file or folder "specs/b"`},
		{"main:../x", "no file or folder"},
	} {
		if _, err := Open(t.Context(), row.ref); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: found %v, want an error about %q", row.ref, err, row.want)
		}
	}
	t.Chdir(t.TempDir())
	if _, err := Open(t.Context(), "main:specs/a"); err == nil || !strings.Contains(err.Error(), "git repository of this folder") {
		t.Errorf("outside of a repository: found %v", err)
	}
}
