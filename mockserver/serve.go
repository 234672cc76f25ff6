package mockserver

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"
)

// The times that a connection gets. A caller that sends a byte now and then is
// cut off, one that reads a slow answer is not.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
)

// HTTP makes the http.Server for an address, hardened against slow and greedy callers.
func (s *Server) HTTP(addr string) *http.Server { return harden(addr, s) }

// AdminHTTP makes the http.Server for the admin API alone.
func (s *Server) AdminHTTP(addr string) *http.Server { return harden(addr, s.admin) }

// Harden makes the http.Server for a handler that serves a Server now and another
// one after a reload.
func Harden(h http.Handler) *http.Server { return harden("", h) }

func harden(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h, ConnContext: withConn, ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
	}
}

// Listener is one address to serve at.
type Listener struct {
	Net    net.Listener
	Server *http.Server
	// CertFile and KeyFile switch TLS on.
	CertFile, KeyFile string
}

// Run serves at all listeners until the context ends, then lets the requests
// that are under way finish, for at most grace. The error is nil after a drain.
func Run(ctx context.Context, grace time.Duration, listeners ...Listener) error {
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() {
			var err error
			if l.CertFile != "" || l.KeyFile != "" {
				err = l.serveTLS()
			} else {
				err = l.Server.Serve(Explained(l.Net, l.Server.Handler))
			}
			if !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		}()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	for _, l := range listeners {
		if closing := l.Server.Shutdown(drain); closing != nil {
			// Whoever is still not done is cut off.
			_ = l.Server.Close()
		}
	}
	return err
}

func (l Listener) serveTLS() error {
	pair, err := tls.LoadX509KeyPair(l.CertFile, l.KeyFile)
	if err != nil {
		return err
	}
	return l.Server.Serve(Secured(l.Net, l.Server, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}))
}
