package mockserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// seedFolder is sample data of the user's own: CONTRACT/RESOURCE/KEY.json.
type seedFolder map[string][]seedDocument

type seedDocument struct {
	file, resource, key string
	body                *payload.Node
}

// openSeeds reads the folder that Options.Seed names. "examples" and "none" are
// no folders. Everything that is wrong with the files is told together.
func openSeeds(folder string) (seedFolder, error) {
	if folder == "examples" || folder == "none" {
		return nil, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("seed: expected examples, none or a folder: %w", err)
	}
	defer root.Close()
	seeds := seedFolder{}
	var failed []error
	err = fs.WalkDir(root.FS(), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || path.Ext(file) != ".json" {
			return nil
		}
		parts := strings.Split(strings.TrimSuffix(file, ".json"), "/")
		if len(parts) != 3 {
			failed = append(failed, fmt.Errorf("%s: expected CONTRACT/RESOURCE/KEY.json", file))
			return nil
		}
		text, err := fs.ReadFile(root.FS(), file)
		if err != nil {
			return err
		}
		tree, err := payload.ParseJSON(text, payload.JSONLimits{})
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", file, err))
			return nil
		}
		seeds[parts[0]] = append(seeds[parts[0]], seedDocument{file, parts[1], parts[2], tree.Root})
		return nil
	})
	if err != nil {
		failed = append(failed, err)
	}
	for _, docs := range seeds {
		sort.Slice(docs, func(i, j int) bool { return docs[i].file < docs[j].file })
	}
	return seeds, errors.Join(failed...)
}

// into puts the documents of a contract into a state. They belong to nobody.
func (s seedFolder) into(m *mount, tx state.Tx) error {
	for _, d := range s[m.contract.Name] {
		if _, err := m.behaviour.Put(tx, d.resource, d.key, "", d.body); err != nil {
			return fmt.Errorf("seed %s: %w", d.file, err)
		}
	}
	return nil
}
