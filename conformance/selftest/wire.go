package selftest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// server is the server that can be told to misbehave.
type server struct {
	admin  string
	client *http.Client
}

// arm puts a fault in force for one session and gives the function that ends it.
func (s *server) arm(ctx context.Context, seed Seed, contract, session string) (disarm func() error, err error) {
	params := map[string]string{}
	for name, value := range seed.rule.params {
		params[name] = value
	}
	if seed.Path != "" || seed.rule.field != nil {
		params["path"] = seed.at
	}
	var armed struct {
		ID string `json:"id"`
	}
	err = s.call(ctx, http.MethodPost, "faults", session, map[string]any{"fault": seed.Fault, "contract": contract, "operation": seed.Operation,
		"session": session, "params": params, "every": seed.rule.every}, &armed)
	if err != nil {
		return nil, err
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return s.call(ctx, http.MethodDelete, "faults/"+armed.ID, session, nil, nil)
	}, nil
}

// reset puts the state of a session back to its beginning.
func (s *server) reset(ctx context.Context, session string) error {
	return s.call(ctx, http.MethodPost, "reset", session, nil, nil)
}

func (s *server) call(ctx context.Context, method, path, session string, send, receive any) error {
	var body io.Reader = http.NoBody
	if send != nil {
		text, err := json.Marshal(send)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.admin+"/"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(sessionHeader, session)
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("the server cannot be told to misbehave: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s answered %s: %s", method, s.admin+"/"+path, resp.Status, strings.TrimSpace(string(text)))
	}
	if receive == nil {
		return nil
	}
	return json.Unmarshal(text, receive)
}

// seen is one answer as it came over the wire.
type seen struct {
	scenario, step string
	status         int
	contentType    string
	body           []byte
}

// recorder keeps the answers that pass.
type recorder struct {
	next http.RoundTripper

	mu  sync.Mutex
	all []seen
}

// RoundTrip passes the exchange on and keeps the answer.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	mark := req.Header.Get("X-Roadworthy-Step")
	if err != nil || mark == "" {
		return resp, err
	}
	body, readErr := io.ReadAll(resp.Body)
	closeErr := resp.Body.Close()
	if readErr == nil {
		readErr = closeErr
	}
	resp.Body = &replay{Reader: bytes.NewReader(body), err: readErr}
	cut := strings.LastIndexByte(mark, '/')
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, seen{scenario: mark[:cut], step: mark[cut+1:], status: resp.StatusCode, contentType: resp.Header.Get("Content-Type"), body: body})
	return resp, nil
}

// replay gives a body that was read once more, and the error at its end.
type replay struct {
	*bytes.Reader
	err error
}

// Read gives the bytes, then the error that reading them met.
func (b *replay) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF && b.err != nil {
		err = b.err
	}
	return n, err
}

// Close is the end of it.
func (b *replay) Close() error { return nil }
