// Package source finds the two sides of a comparison: in the working tree, or in a
// git revision, which is read into memory without touching the working tree.
package source

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/drift"
)

// maxArchive bounds what is read of a revision, in bytes.
const maxArchive = 256 << 20

// Source is a file or folder, wherever it is.
type Source struct {
	FS fs.FS
	// Name is the file in FS; "" when the whole of FS is meant.
	Name string
	// Ref is what the user wrote.
	Ref string
}

// Read gives the bytes of a file.
func (s *Source) Read() ([]byte, error) { return fs.ReadFile(s.FS, s.Name) }

// Open finds a file or folder by its path, or by REVISION:PATH in the git
// repository of the working folder. As in git, PATH counts from the top of the
// repository, and from the working folder when it begins with "./".
func Open(ctx context.Context, ref string) (*Source, error) {
	info, err := os.Stat(ref)
	if err == nil {
		return local(ref, info.IsDir())
	}
	revision, at, found := strings.Cut(ref, ":")
	if !found || revision == "" {
		return nil, fmt.Errorf("%s: there is no such file, folder or git revision (a revision is written main:%s)", ref, ref)
	}
	return fromGit(ctx, ref, revision, at)
}

func local(ref string, isDir bool) (*Source, error) {
	folder, name := ref, ""
	if !isDir {
		folder, name = rooted(filepath.ToSlash(filepath.Clean(ref)))
	}
	// os.Root keeps symbolic links inside the folder.
	root, err := os.OpenRoot(filepath.FromSlash(folder))
	if err != nil {
		return nil, err
	}
	return &Source{FS: root.FS(), Name: name, Ref: ref}, nil
}

// rooted splits a file into its folder and its name; a version of a contract needs
// the bundle around it.
func rooted(file string) (folder, name string) {
	folder, name = path.Split(file)
	folder = path.Clean(folder)
	if folder == "." && !strings.HasPrefix(file, ".") || folder != "." {
		if path.Base(folder) == drift.VersionFolder {
			return path.Dir(folder), path.Join(drift.VersionFolder, name)
		}
	}
	return folder, name
}

func fromGit(ctx context.Context, ref, revision, at string) (*Source, error) {
	if _, err := git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, fmt.Errorf("%s: reading a revision needs git, which is not installed", ref)
		}
		return nil, fmt.Errorf("%s: there is no such file, and no commit %q in the git repository of this folder", ref, revision)
	}
	at = strings.TrimSuffix(at, "/")
	kind, err := git(ctx, "cat-file", "-t", revision+":"+at)
	if err != nil {
		return nil, fmt.Errorf("%s: the revision %s has no file or folder %q (a path counts from the top of the repository; begin it with ./ to count from here)", ref, revision, at)
	}
	folder, name := at, ""
	switch strings.TrimSpace(string(kind)) {
	case "tree":
	case "blob":
		folder, name = rooted(at)
		if strings.HasPrefix(at, "./") && !strings.HasPrefix(folder, ".") {
			folder = "./" + folder
		}
		if folder == "." && !strings.HasPrefix(at, "./") {
			folder = ""
		} else if folder == "." {
			folder = "./"
		}
	default:
		return nil, fmt.Errorf("%s: neither a file nor a folder", ref)
	}
	files, err := tree(ctx, revision+":"+folder)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ref, err)
	}
	return &Source{FS: files, Name: name, Ref: ref}, nil
}

// tree reads a folder of a revision.
func tree(ctx context.Context, object string) (fs.FS, error) {
	id, err := git(ctx, "rev-parse", "--verify", "--end-of-options", object)
	if err != nil {
		return nil, err
	}
	// A tree is archived whole only from the top of the repository.
	top, err := git(ctx, "rev-parse", "--show-cdup")
	if err != nil {
		return nil, err
	}
	args := []string{"archive", "--format=zip", strings.TrimSpace(string(id))}
	if up := strings.TrimSpace(string(top)); up != "" {
		args = append([]string{"-C", up}, args...)
	}
	packed, err := git(ctx, args...)
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("what git archive gave cannot be read: %w", err)
	}
	return files, nil
}

func git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	var problem strings.Builder
	cmd.Stderr = &problem
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	out, readErr := io.ReadAll(io.LimitReader(pipe, maxArchive+1))
	if len(out) > maxArchive {
		cmd.Process.Kill()
		cmd.Wait()
		return nil, fmt.Errorf("the folder is larger than %d MB", maxArchive>>20)
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(problem.String()))
	}
	return out, readErr
}
