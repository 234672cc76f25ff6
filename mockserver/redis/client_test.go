package redis

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	tests := []struct {
		url, addr, user, password string
		db                        int
		secure                    bool
		wrong                     string
	}{
		{url: "redis://localhost", addr: "localhost:6379"},
		{url: "redis://localhost:7000/3", addr: "localhost:7000", db: 3},
		{url: "redis://:secret@h:1/0", addr: "h:1", password: "secret"},
		{url: "rediss://me:secret@[::1]:1", addr: "[::1]:1", user: "me", password: "secret", secure: true},
		{url: "redis://h/two", wrong: "expected a number"},
		{url: "redis:///0", wrong: "expected redis://"},
		{url: "redis://h?timeout=1", wrong: "not known"},
		{url: "redis://:secret@h/two", wrong: "xxxxx"},
		{url: "redis://:secret%zz@h/0", wrong: "%XX"},
		{url: "unix:///run/redis.sock", addr: "/run/redis.sock"},
		{url: "unix://:secret@/run/redis.sock?db=2", addr: "/run/redis.sock", password: "secret", db: 2},
		{url: "unix://run/redis.sock", wrong: "unix://"},
		{url: "unix:///run/redis.sock?base=2", wrong: "not known"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			p, err := Parse(tt.url)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) || strings.Contains(err.Error(), "secret") {
					t.Errorf("expected an error with %q and no password, found %v", tt.wrong, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.addr != tt.addr || p.user != tt.user || p.password != tt.password || p.db != tt.db || p.secure != nil != tt.secure {
				t.Errorf("found %+v", p)
			}
		})
	}
}

func TestReadAnswers(t *testing.T) {
	tests := []struct {
		wire  string
		want  any
		wrong bool
	}{
		{wire: "+OK\r\n", want: "OK"},
		{wire: ":-7\r\n", want: int64(-7)},
		{wire: "$5\r\na\r\nbc\r\n", want: "a\r\nbc"},
		{wire: "$0\r\n\r\n", want: ""},
		{wire: "$-1\r\n", want: nil},
		{wire: "*-1\r\n", want: nil},
		{wire: "*2\r\n$1\r\na\r\n*1\r\n:1\r\n", want: []any{"a", []any{int64(1)}}},
		{wire: "-ERR no\r\n", want: ServerError("ERR no")},
		{wire: "$5\r\nab", wrong: true},
		{wire: "$-2\r\n", wrong: true},
		{wire: "$99999999999\r\n", wrong: true},
		{wire: "*x\r\n", wrong: true},
		{wire: "\r\n", wrong: true},
		{wire: "!1\r\n", wrong: true},
		{wire: strings.Repeat("*1\r\n", 100), wrong: true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%.20q", tt.wire), func(t *testing.T) {
			c := &Conn{in: bufio.NewReader(strings.NewReader(tt.wire))}
			got, err := c.read(0)
			if tt.wrong != (err != nil) || !tt.wrong && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("expected %v (an error: %v), found %v, %v", tt.want, tt.wrong, got, err)
			}
		})
	}
}

// answering is a server that gives each connection some answers and then hangs up.
func answering(t *testing.T, answers ...string) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := make([]byte, 4096)
				for _, answer := range answers {
					if _, err := c.Read(in); err != nil {
						return
					}
					_, _ = io.WriteString(c, answer)
				}
			}()
		}
	}()
	return l.Addr().String()
}

func TestConnectionsAreReplaced(t *testing.T) {
	p, err := Parse("redis://" + answering(t, "+PONG\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := range 3 {
		if reply, err := p.Do(context.Background(), "PING"); err != nil || reply != "PONG" {
			t.Fatalf("call %d, the server having closed the connection of the last one: %v, %v", i, reply, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestAnswersOfOthersAreNotRead(t *testing.T) {
	p, err := Parse("redis://" + answering(t, "", "+LATE\r\n+MINE\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	short, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	if _, err := p.Do(short, "GET", "a"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("expected the deadline, found %v", err)
	}
	if len(p.idle) != 0 {
		t.Error("a connection with an answer to come was kept for the next caller")
	}
}

func TestPasswordIsSent(t *testing.T) {
	p, err := Parse("redis://:wrong@" + answering(t, "-WRONGPASS no\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Do(context.Background(), "PING"); err == nil || !strings.Contains(err.Error(), "WRONGPASS") {
		t.Errorf("expected the server's refusal, found %v", err)
	}
}
