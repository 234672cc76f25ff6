package main

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
	"strconv"
	"sync"
)

// seededRandom gives the randomness of --random-seed; nil is that of the system.
func seededRandom(seed string) (io.Reader, error) {
	if seed == "" {
		return nil, nil
	}
	n, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		return nil, usageError("--random-seed %s: give a whole number from 0", seed)
	}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], n)
	return &seeded{source: rand.NewChaCha8(key)}, nil
}

// seeded is a source that two servers may read during a reload.
type seeded struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (s *seeded) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(b)
}
