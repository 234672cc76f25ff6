package state_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

// The test runs itself once more as the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("ROADWORTHY_TEST_WRITER"); path != "" {
		writeForEver(path)
	}
	os.Exit(m.Run())
}

// writeForEver stores documents and says each one that was acknowledged.
func writeForEver(path string) {
	s, err := state.OpenFile(path, state.Options{})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	for i := 0; ; i++ {
		key := fmt.Sprintf("k%d", i)
		if err := s.Update(ctx, "a/default", func(tx state.Tx) error { return tx.Put("order", doc(key, key)) }); err != nil {
			os.Exit(1)
		}
		fmt.Println(key)
	}
}

func TestAcknowledgedWritesSurviveKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.log")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ROADWORTHY_TEST_WRITER="+path)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); said = append(said, lines.Text()) {
		if len(said) == 0 {
			time.AfterFunc(400*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
	if len(said) == 0 || strings.HasPrefix(said[0], "error") {
		t.Fatalf("the writer wrote nothing: %s", said)
	}
	s, err := state.OpenFile(path, state.Options{})
	must(t, err)
	defer s.Close()
	must(t, s.View(ctx, "a/default", func(tx state.Tx) error {
		for _, key := range said {
			if d, err := tx.Find("order", "number", key); err != nil || d == nil {
				t.Fatalf("%s was acknowledged and is gone (%d were acknowledged)", key, len(said))
			}
		}
		return nil
	}))
}

func TestTornLineIsCutAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.log")
	s, err := state.OpenFile(path, state.Options{})
	must(t, err)
	put := func(s state.Store, key string) {
		must(t, s.Update(ctx, "a/default", func(tx state.Tx) error { return tx.Put("order", doc(key, key)) }))
	}
	put(s, "1")
	put(s, "2")
	must(t, s.Close())
	whole, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, whole[:len(whole)-7], 0o600))
	s, err = state.OpenFile(path, state.Options{})
	must(t, err)
	put(s, "3")
	must(t, s.Close())
	s, err = state.OpenFile(path, state.Options{})
	must(t, err)
	defer s.Close()
	must(t, s.View(ctx, "a/default", func(tx state.Tx) error {
		one, _ := tx.Get("order", "1")
		two, _ := tx.Get("order", "2")
		three, _ := tx.Get("order", "3")
		if one == nil || two != nil || three == nil {
			t.Errorf("expected 1 and 3, found %v %v %v", one, two, three)
		}
		return nil
	}))
}

func TestDamageInTheMiddleIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.log")
	s, err := state.OpenFile(path, state.Options{})
	must(t, err)
	for _, key := range []string{"1", "2", "3"} {
		must(t, s.Update(ctx, "a/default", func(tx state.Tx) error { return tx.Put("order", doc(key, key)) }))
	}
	must(t, s.Close())
	text, err := os.ReadFile(path)
	must(t, err)
	text[len(text)/2] ^= 1
	must(t, os.WriteFile(path, text, 0o600))
	if _, err = state.OpenFile(path, state.Options{}); err == nil || !strings.Contains(err.Error(), "line ") {
		t.Fatalf("expected the damaged line to be named, found %v", err)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.log")
	s, err := state.OpenFile(path, state.Options{})
	must(t, err)
	defer s.Close()
	if _, err := state.OpenFile(path, state.Options{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Fatalf("expected the file to be in use, found %v", err)
	}
}

// The log is written anew when most of it is of the past, and nothing is lost.
func TestCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.log")
	s, err := state.OpenFile(path, state.Options{})
	must(t, err)
	large := strings.Repeat("x", 1<<20)
	for i := range 40 {
		must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
			return tx.Put("order", &state.Doc{Key: fmt.Sprint(i % 2), Body: []byte(`"` + large + fmt.Sprint(i) + `"`)})
		}))
	}
	must(t, s.Close())
	info, err := os.Stat(path)
	must(t, err)
	if info.Size() > 30<<20 {
		t.Errorf("expected a log below 30 MiB, found %d", info.Size())
	}
	s, err = state.OpenFile(path, state.Options{})
	must(t, err)
	defer s.Close()
	must(t, s.View(ctx, "a/default", func(tx state.Tx) error {
		d, err := tx.Get("order", "1")
		must(t, err)
		if !strings.HasSuffix(string(d.Body), `x39"`) || d.Rev != 20 {
			t.Errorf("expected the last version, found revision %d", d.Rev)
		}
		return nil
	}))
}
