// Package redistest starts the Redis or Valkey server of the distribution for tests.
package redistest

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// Server is a Redis server in a process of its own. It keeps nothing on the disk,
// unless its arguments say otherwise.
type Server struct {
	Port string

	t      testing.TB
	folder string
	args   []string
	cmd    *exec.Cmd
}

// Start starts a server, with more arguments than the usual ones, until the test ends.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Port: strconv.Itoa(l.Addr().(*net.TCPAddr).Port), t: t, folder: t.TempDir(), args: args}
	l.Close()
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Start starts the server again, after Stop.
func (s *Server) Start() {
	s.t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		bin, err = exec.LookPath("valkey-server")
	}
	if err != nil {
		s.t.Fatal("this needs redis-server or valkey-server, which .build/deps test installs")
	}
	s.cmd = exec.Command(bin, append([]string{"--port", s.Port, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", s.folder}, s.args...)...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for range 500 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+s.Port); err == nil {
			c.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatal("redis-server does not listen")
}

// Stop ends it as kill -9 does.
func (s *Server) Stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Signal sends a signal: one that is stopped hangs.
func (s *Server) Signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// URL is its address.
func (s *Server) URL() string { return "redis://127.0.0.1:" + s.Port + "/0" }
