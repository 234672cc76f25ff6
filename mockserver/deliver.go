package mockserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// The ways of Options.Callbacks.
const (
	CallbacksOff      = "off"
	CallbacksLoopback = "loopback"
	CallbacksOn       = "on"
)

// How a delivery is tried: a few times with growing pauses, each for a bounded time.
const (
	deliveries      = 4
	firstPause      = 200 * time.Millisecond
	deliveryTimeout = 10 * time.Second
	maxWaiting      = 1000 // deliveries of one session
	maxReceipt      = 64 << 10
)

// delivery is one callback or webhook on its way.
type delivery struct {
	contract, session, operation string
	method, target               string
	mediaType                    string
	body                         []byte
	source                       string
	failed                       string // why it cannot be sent at all
}

// courier delivers the callbacks of each session one after the other.
type courier struct {
	client *http.Client
	off    bool

	mu      sync.Mutex
	waiting map[string][]*delivery // by session; one under way stays first
}

func newCourier(policy string) (*courier, error) {
	dialer := &net.Dialer{Timeout: deliveryTimeout}
	switch policy {
	case CallbacksOff, CallbacksOn:
	case "", CallbacksLoopback:
		// Judged by the address that a name led to, not by the name.
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			host, _, err := net.SplitHostPort(address)
			if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
				return nil
			}
			return errors.New(address + " is not on this host; callbacks beyond it need --callbacks on")
		}
	default:
		return nil, fmt.Errorf("callbacks: expected off, loopback or on, found %q", policy)
	}
	return &courier{
		off: policy == CallbacksOff, waiting: map[string][]*delivery{},
		client: &http.Client{
			Timeout: deliveryTimeout, Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// deliver puts a delivery behind the others of its session. What cannot be sent is
// in the journal at once.
func (s *Server) deliver(d *delivery) {
	c := s.courier
	if c.off {
		return
	}
	u, err := url.Parse(d.target)
	if d.failed == "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		d.failed = fmt.Sprintf("expected an http or https address, found %q", d.target)
	}
	c.mu.Lock()
	queue := c.waiting[d.session]
	if len(queue) >= maxWaiting {
		d.failed = fmt.Sprintf("%d deliveries of the session are waiting already", maxWaiting)
	}
	if d.failed == "" {
		c.waiting[d.session] = append(queue, d)
	}
	c.mu.Unlock()
	switch {
	case d.failed != "":
		s.delivered(d, time.Now(), nil, nil, d.failed)
	case len(queue) == 0:
		go s.work(d.session)
	}
}

// work delivers what waits in a session, and ends when nothing does.
func (s *Server) work(session string) {
	c := s.courier
	for {
		c.mu.Lock()
		queue := c.waiting[session]
		if len(queue) == 0 {
			delete(c.waiting, session)
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		s.send(queue[0])
		c.mu.Lock()
		c.waiting[session] = c.waiting[session][1:]
		c.mu.Unlock()
	}
}

// send tries until the receiver says 2xx, or an error of the caller (4xx), which
// will not get better. Every attempt is in the journal.
func (s *Server) send(d *delivery) {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		begun := s.opts.Clock()
		resp, body, err := s.attempt(d)
		note := fmt.Sprintf("attempt %d of %d", attempt, deliveries)
		again := err != nil || resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests
		switch {
		case err != nil:
			note += ": " + err.Error()
		case again:
			note += ": the receiver answered " + strconv.Itoa(resp.StatusCode)
		}
		if again && attempt < deliveries {
			note += fmt.Sprintf("; tried again after %s", pause)
		}
		s.delivered(d, begun, resp, body, note)
		if !again || attempt == deliveries {
			return
		}
		select {
		case <-time.After(pause):
		case <-s.closed:
			return
		}
		pause *= 4
	}
}

func (s *Server) attempt(d *delivery) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deliveryTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, d.method, d.target, bytes.NewReader(d.body))
	if err != nil {
		return nil, nil, err
	}
	if d.mediaType != "" {
		r.Header.Set("Content-Type", d.mediaType)
	}
	r.Header.Set("User-Agent", "roadworthy/"+s.opts.Version)
	resp, err := s.courier.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxReceipt))
	return resp, body, nil
}

// delivered notes an attempt in the journal: the request is ours, the response is
// the receiver's. A status of 0 means that there was no answer.
func (s *Server) delivered(d *delivery, begun time.Time, resp *http.Response, body []byte, note string) {
	e := &journal.Entry{
		Time: begun, Duration: s.opts.Clock().Sub(begun), Session: d.session, Contract: d.contract, Operation: d.operation,
		Method: d.method, URL: d.target, Proto: "HTTP/1.1", RequestHeader: http.Header{}, RequestBody: d.body,
		ResponseHeader: http.Header{}, ResponseBody: body,
		Decision: journal.Decision{Stage: "deliver", Source: d.source, Notes: []string{note}},
	}
	if d.mediaType != "" {
		e.RequestHeader.Set("Content-Type", d.mediaType)
	}
	if resp != nil {
		e.Status, e.ResponseHeader = resp.StatusCode, resp.Header
	}
	if err := s.journal.Add(e); err != nil {
		s.notKept(err)
	}
}
