package mockserver

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	"sync"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
)

// randomness hands out random bytes to many goroutines.
type randomness struct {
	mu sync.Mutex
	r  io.Reader
}

func newRandomness(r io.Reader) *randomness {
	if r == nil {
		// One read of the system for many ids.
		r = bufio.NewReaderSize(rand.Reader, 1024)
	}
	return &randomness{r: r}
}

func (s *randomness) read(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := io.ReadFull(s.r, b); err != nil {
		// A source that was given for repeatable runs may end; ids must go on.
		_, _ = rand.Read(b)
	}
}

// uuid gives a random UUID (RFC 9562 version 4).
func (s *randomness) uuid() string {
	var b [16]byte
	s.read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// token gives n upper-case hexadecimal characters.
func (s *randomness) token(n int) string {
	const digits = "0123456789ABCDEF"
	b := make([]byte, n)
	s.read(b)
	for i := range b {
		b[i] = digits[b[i]&15]
	}
	return string(b)
}

// chance gives a number from 0 to below 1.
func (s *randomness) chance() float64 {
	var b [8]byte
	s.read(b[:])
	return float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53)
}

func (s *Server) sources() *behaviour.Sources {
	return &behaviour.Sources{Now: s.opts.Clock, UUID: s.random.uuid, Token: s.random.token}
}
