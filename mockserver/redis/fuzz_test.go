package redis

import (
	"bufio"
	"bytes"
	"testing"
)

// FuzzRead gives the reader whatever a server may send: an answer or an error, and
// never more memory than was sent.
//
//fuzz:wire
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"+OK\r\n", "-ERR no\r\n", ":1\r\n", "$3\r\nabc\r\n", "*2\r\n$-1\r\n*1\r\n:9\r\n", "*100000000\r\n", "$536870912\r\n", "*1\r\n*1\r\n*1\r\n", "$3\r\nabcde", "\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		c := &Conn{in: bufio.NewReader(bytes.NewReader(wire))}
		for range 10 {
			reply, err := c.read(0)
			if err != nil {
				return
			}
			Texts(reply)
			Fields(reply)
		}
	})
}

// FuzzParse reads addresses; no error shows the password.
//
//fuzz:file
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"redis://h/0", "rediss://u:p@h:1/2", "unix:///a?db=1", "redis://:%zz@h", "redis://[::1]:x/", "://"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		c, err := Parse("redis://:geheimnis@" + address)
		if err != nil && bytes.Contains([]byte(err.Error()), []byte("geheimnis")) {
			t.Errorf("the error shows the password: %v", err)
		}
		if err == nil && c.Addr() == "" {
			t.Error("an address without a place was taken")
		}
		_, _ = Parse(address)
	})
}
