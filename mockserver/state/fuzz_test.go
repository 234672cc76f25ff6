package state

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
)

// FuzzLog reads a log that somebody else wrote or a crash tore: an error, or a state
// that can be read and written.
//
//fuzz:file
func FuzzLog(f *testing.F) {
	image, _ := json.Marshal(record{Space: "a/b", Image: &Image{Seq: 3}})
	put, _ := json.Marshal(record{Space: "a/b", Put: []recordPut{{"order", &Doc{Key: "1", Body: []byte(`{"a":1}`), Rev: 1, Seq: 1}}}, Seq: 1})
	good := line(line(nil, image), put)
	f.Add(good)
	f.Add(good[:len(good)-5])
	f.Add(line(nil, []byte(`{"space":"","put":[{"in":"x","doc":null}]}`)))
	f.Add([]byte("00000000 {}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		store := &File{Memory: NewMemory(Options{})}
		// A fuzzer does not guess checksums.
		whole := text
		if !bytes.Contains(text, []byte("\n")) {
			whole = line(nil, text)
		}
		good, err := readRecords(bytes.NewReader(whole), store.replay)
		if good > int64(len(whole)) || good < 0 {
			t.Fatalf("%d of %d bytes are good", good, len(whole))
		}
		if err != nil {
			return
		}
		for name := range store.spaces {
			use(t, store.Memory, name)
		}
	})
}

// FuzzImage restores snapshots from outside.
//
//fuzz:wire
func FuzzImage(f *testing.F) {
	for _, seed := range []string{`{"collections":{"order":[{"key":"1","body":{"a":1},"index":[{"index":"n","value":"v","unique":true}],"rev":1,"seq":1}]},"seq":1}`,
		`{"collections":{"a":[null,{"key":"1","body":1,"seq":5},{"key":"1","body":2,"seq":5}]}}`, `{"counters":{"":18446744073709551615},"seq":18446744073709551615}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var im Image
		if json.Unmarshal(text, &im) != nil {
			return
		}
		m := NewMemory(Options{})
		if err := m.Restore(context.Background(), "a/b", &im); err != nil {
			t.Fatal(err)
		}
		use(t, m, "a/b")
	})
}

// use reads and writes a space, and writes it as an image that can be read again.
func use(t *testing.T, m *Memory, name string) {
	t.Helper()
	ctx := context.Background()
	if err := m.Update(ctx, name, func(tx Tx) error {
		collections, err := tx.Collections()
		if err != nil {
			return err
		}
		for _, c := range collections {
			docs, err := tx.List(c)
			if err != nil {
				return err
			}
			for _, d := range docs {
				d.Node()
				for _, e := range d.Index {
					if found, err := tx.Find(c, e.Index, e.Value); err != nil || found == nil {
						t.Errorf("%s of %s is not found by %s=%q: %v", d.Key, c, e.Index, e.Value, err)
					}
				}
			}
		}
		if _, err := tx.Next("n"); err != nil {
			return err
		}
		return tx.Put("order", &Doc{Key: "new", Body: []byte(`{}`)})
	}); err != nil {
		t.Fatal(err)
	}
	im, err := m.Snapshot(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(im)
	if err != nil {
		t.Fatal(err)
	}
	var again Image
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatalf("what was written cannot be read: %v in %s", err, text)
	}
}
