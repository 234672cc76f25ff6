package state_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis/redistest"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

// stores opens one of each kind.
func stores(t *testing.T, opts state.Options) map[string]state.Store {
	t.Helper()
	all := map[string]state.Store{"memory": state.NewMemory(opts)}
	file, err := state.OpenFile(filepath.Join(t.TempDir(), "state.log"), opts)
	if err != nil {
		t.Fatal(err)
	}
	all["file"] = file
	r, err := state.OpenRedis(redistest.Start(t).URL(), opts)
	if err != nil {
		t.Fatal(err)
	}
	all["redis"] = r
	t.Cleanup(func() {
		for name, s := range all {
			if err := s.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	return all
}

func doc(key, number string) *state.Doc {
	d := &state.Doc{Key: key, Body: []byte(`{"number":"` + number + `"}`)}
	if number != "" {
		d.Index = []state.Entry{{Index: "number", Value: number, Unique: true}}
	}
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var ctx = context.Background()

func TestTransactions(t *testing.T) {
	for name, s := range stores(t, state.Options{}) {
		t.Run(name, func(t *testing.T) {
			must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
				must(t, tx.Put("order", doc("1", "N1")))
				must(t, tx.Put("order", doc("2", "N2")))
				if d, err := tx.Find("order", "number", "N2"); err != nil || d == nil || d.Key != "2" {
					t.Errorf("a transaction must see its own writes, found %v %v", d, err)
				}
				return nil
			}))
			broken := errors.New("broken")
			err := s.Update(ctx, "a/default", func(tx state.Tx) error {
				must(t, tx.Put("order", doc("1", "CHANGED")))
				must(t, tx.Put("order", doc("3", "N3")))
				_, err := tx.Delete("order", "2")
				must(t, err)
				_, err = tx.Next("count")
				must(t, err)
				return broken
			})
			if !errors.Is(err, broken) {
				t.Fatalf("expected the error of the transaction, found %v", err)
			}
			must(t, s.View(ctx, "a/default", func(tx state.Tx) error {
				docs, err := tx.List("order")
				must(t, err)
				if len(docs) != 2 || docs[0].Key != "1" || docs[1].Key != "2" {
					t.Errorf("a transaction that failed left something behind: %d documents", len(docs))
				}
				if d, _ := tx.Find("order", "number", "N1"); d == nil || string(d.Body) != `{"number":"N1"}` {
					t.Errorf("the index was not taken back: %v", d)
				}
				if d, _ := tx.Find("order", "number", "CHANGED"); d != nil {
					t.Error("the index still knows a value that was taken back")
				}
				if err := tx.Put("order", doc("9", "")); !errors.Is(err, state.ErrReadOnly) {
					t.Errorf("a view must not write, found %v", err)
				}
				return nil
			}))
			must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
				if n, err := tx.Next("count"); err != nil || n != 1 {
					t.Errorf("the counter was not taken back: %d %v", n, err)
				}
				err := tx.Put("order", doc("4", "N2"))
				var conflict *state.Conflict
				if !errors.As(err, &conflict) || conflict.Holder != "2" {
					t.Errorf("expected a conflict with 2, found %v", err)
				}
				must(t, tx.Put("order", doc("2", "N2b")))
				return tx.Put("order", doc("4", "N2"))
			}))
			must(t, s.View(ctx, "a/default", func(tx state.Tx) error {
				d, err := tx.Get("order", "2")
				must(t, err)
				if d.Rev != 2 {
					t.Errorf("expected revision 2, found %d", d.Rev)
				}
				names, err := tx.Collections()
				must(t, err)
				if len(names) != 1 || names[0] != "order" {
					t.Errorf("expected the collection order, found %v", names)
				}
				return nil
			}))
			must(t, s.View(ctx, "a/other", func(tx state.Tx) error {
				if d, _ := tx.Get("order", "1"); d != nil {
					t.Error("spaces must not see each other")
				}
				return nil
			}))
		})
	}
}

func TestHasSeesWhatTheTransactionDid(t *testing.T) {
	for name, s := range stores(t, state.Options{}) {
		t.Run(name, func(t *testing.T) {
			has := func(tx state.Tx, want bool, when string) {
				t.Helper()
				if got, err := tx.Has("order"); err != nil || got != want {
					t.Errorf("%s: expected %v, found %v %v", when, want, got, err)
				}
			}
			must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
				has(tx, false, "nothing was ever stored")
				must(t, tx.Put("order", doc("1", "N1")))
				has(tx, true, "one was put")
				return nil
			}))
			must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
				has(tx, true, "one is stored")
				must(t, tx.Put("order", doc("2", "N2")))
				_, err := tx.Delete("order", "2")
				must(t, err)
				has(tx, true, "one is stored, and another came and went")
				_, err = tx.Delete("order", "1")
				must(t, err)
				has(tx, false, "the last was deleted")
				return nil
			}))
			must(t, s.View(ctx, "a/default", func(tx state.Tx) error {
				has(tx, false, "it stayed deleted")
				return nil
			}))
		})
	}
}

// A new version with the same index values takes the place of the one before in
// every list, also behind another document with the same value.
func TestAnotherVersionIsFoundByTheSameValues(t *testing.T) {
	for name, s := range stores(t, state.Options{}) {
		t.Run(name, func(t *testing.T) {
			same := func(key, body string) *state.Doc {
				return &state.Doc{Key: key, Body: []byte(body), Index: []state.Entry{{Index: "client", Value: "c"}}}
			}
			must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
				must(t, tx.Put("order", same("1", `{"v":1}`)))
				must(t, tx.Put("order", same("2", `{"v":1}`)))
				must(t, tx.Put("order", same("1", `{"v":2}`)))
				return tx.Put("order", same("2", `{"v":2}`))
			}))
			broken := errors.New("broken")
			if err := s.Update(ctx, "a/default", func(tx state.Tx) error {
				must(t, tx.Put("order", same("1", `{"v":3}`)))
				return broken
			}); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			must(t, s.Update(ctx, "a/default", func(tx state.Tx) error {
				all, err := tx.FindAll("order", "client", "c")
				if must(t, err); len(all) != 2 || all[0].Key != "1" || all[1].Key != "2" {
					t.Errorf("expected 1 and 2, found %+v", all)
				}
				for _, key := range []string{"1", "2"} {
					d, err := tx.Find("order", "client", "c")
					must(t, err)
					if d == nil || d.Key != key || string(d.Body) != `{"v":2}` {
						t.Errorf("expected version 2 of %s, found %+v", key, d)
					}
					_, err = tx.Delete("order", key)
					must(t, err)
				}
				d, err := tx.Find("order", "client", "c")
				must(t, err)
				all, err = tx.FindAll("order", "client", "c")
				if must(t, err); d != nil || len(all) > 0 {
					t.Errorf("a deleted document is still found: %+v %+v", d, all)
				}
				return nil
			}))
		})
	}
}

// Many callers want the same number at once: one of them gets it.
func TestOneOfManyGetsAUniqueValue(t *testing.T) {
	for name, s := range stores(t, state.Options{}) {
		t.Run(name, func(t *testing.T) {
			for round := range 5 {
				var wg sync.WaitGroup
				var mu sync.Mutex
				accepted := 0
				for i := range 16 {
					wg.Go(func() {
						err := s.Update(ctx, "a/default", func(tx state.Tx) error {
							return tx.Put("order", doc(fmt.Sprintf("%d-%d", round, i), fmt.Sprintf("N%d", round)))
						})
						var conflict *state.Conflict
						mu.Lock()
						defer mu.Unlock()
						switch {
						case err == nil:
							accepted++
						case !errors.As(err, &conflict):
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if accepted != 1 {
					t.Errorf("expected one to be accepted, found %d", accepted)
				}
			}
		})
	}
}

func TestSeedResetSnapshot(t *testing.T) {
	opts := state.Options{Seed: func(space string, tx state.Tx) error { return tx.Put("order", doc("seed", "S")) }}
	count := func(t *testing.T, s state.Store, space string) (n int) {
		t.Helper()
		must(t, s.View(ctx, space, func(tx state.Tx) error {
			docs, err := tx.List("order")
			n = len(docs)
			return err
		}))
		return n
	}
	for name, s := range stores(t, opts) {
		t.Run(name, func(t *testing.T) {
			must(t, s.Update(ctx, "a/x", func(tx state.Tx) error {
				_, err := tx.Next("seen")
				must(t, err)
				return tx.Put("order", doc("1", "N1"))
			}))
			if n := count(t, s, "a/x"); n != 2 {
				t.Fatalf("expected the seed and one more, found %d", n)
			}
			image, err := s.Snapshot(ctx, "a/x")
			must(t, err)
			text, err := json.Marshal(image)
			must(t, err)
			must(t, s.Reset(ctx, "a/x"))
			if n := count(t, s, "a/x"); n != 1 {
				t.Fatalf("expected the seed alone after a reset, found %d", n)
			}
			var back state.Image
			must(t, json.Unmarshal(text, &back))
			must(t, s.Restore(ctx, "a/x", &back))
			if n := count(t, s, "a/x"); n != 2 {
				t.Fatalf("expected both after a restore, found %d", n)
			}
			must(t, s.Update(ctx, "a/x", func(tx state.Tx) error {
				if n, err := tx.Next("seen"); err != nil || n != 2 {
					t.Errorf("expected the counter to go on with 2, found %d %v", n, err)
				}
				if d, err := tx.Find("order", "number", "N1"); err != nil || d == nil {
					t.Errorf("the index was not restored: %v %v", d, err)
				}
				return nil
			}))
			names, err := s.Spaces(ctx)
			must(t, err)
			if len(names) != 1 || names[0] != "a/x" {
				t.Errorf("expected the space a/x, found %v", names)
			}
		})
	}
}

func TestSpacesExpire(t *testing.T) {
	now := time.Unix(0, 0)
	s := state.NewMemory(state.Options{Clock: func() time.Time { return now }, Idle: time.Minute, MaxSpaces: 3,
		Keep: func(space string) bool { return space == "a/default" }})
	use := func(name string) {
		must(t, s.Update(ctx, name, func(tx state.Tx) error { return tx.Put("order", doc("1", "")) }))
		now = now.Add(time.Second)
	}
	use("a/default")
	use("a/1")
	use("a/2")
	use("a/3") // makes room: a/1 was silent for the longest time
	names, _ := s.Spaces(ctx)
	if fmt.Sprint(names) != "[a/2 a/3 a/default]" {
		t.Errorf("expected a/1 to make room, found %v", names)
	}
	now = now.Add(2 * time.Minute)
	use("a/4")
	names, _ = s.Spaces(ctx)
	if fmt.Sprint(names) != "[a/4 a/default]" {
		t.Errorf("expected the idle ones to be gone, found %v", names)
	}
}

func TestHostileSnapshot(t *testing.T) {
	for _, text := range []string{`{"collections":{"a":[{"key":"1"}]}}`, `{"collections":{"a":[{"key":"1","body":{"a":1,"a":2}}]}}`} {
		var im state.Image
		if err := json.Unmarshal([]byte(text), &im); err == nil {
			t.Errorf("expected %s to be refused", text)
		}
	}
}
