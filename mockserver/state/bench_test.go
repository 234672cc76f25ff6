package state_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

// BenchmarkMemoryGet: a million documents of 2 KB are found as fast as a thousand,
// and take little more memory than their bodies (memory-of-bodies: 1 is no more).
func BenchmarkMemoryGet(b *testing.B) {
	body := []byte(`{"name":"` + strings.Repeat("x", 2000) + `"}`)
	for _, count := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			before := heap()
			store := state.NewMemory(state.Options{})
			defer store.Close()
			for at := 0; at < count; at += 1000 {
				if err := store.Update(context.Background(), "shop/default", func(tx state.Tx) error {
					for i := range 1000 {
						if err := tx.Put("thing", &state.Doc{Key: fmt.Sprintf("%036d", at+i), Body: append([]byte(nil), body...)}); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			used := float64(heap()-before) / float64(count*len(body))
			n := 0
			for b.Loop() {
				n = (n + 7919) % count
				if err := store.View(context.Background(), "shop/default", func(tx state.Tx) error {
					if d, err := tx.Get("thing", fmt.Sprintf("%036d", n)); err != nil || d == nil {
						return fmt.Errorf("document %d: %w", n, err)
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(used, "memory-of-bodies")
		})
	}
}

// heap is the memory in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
