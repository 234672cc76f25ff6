package mockserver

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// unread is a request that is none: it was refused before any handler saw it.
type unread struct {
	status int
	why    string // in the words of net/http; "" is nothing beyond the status
	head   []byte // how it began, as far as it was kept
	remote string
	tls    *tls.ConnectionState
}

// answerUnread answers in the words of the contract, as far as the beginning of the
// request tells which one, and leaves an entry in the journal.
func (s *Server) answerUnread(u unread) []byte {
	w := &captured{header: http.Header{}}
	r := u.request()
	x := &exchange{server: s, w: w, r: r, started: s.opts.Clock(), entry: &journal.Entry{}}
	func() {
		defer x.recoverPanic()
		x.open()
		if !goodSessionName(x.entry.Session) {
			x.entry.Session = DefaultSession
		}
		x.prefer = preferences{}
		x.entry.Decision.Stage = "route"
		x.mountAt(r.URL.EscapedPath())
		no := &refusal{stage: "route", reason: "malformed", detail: "the request cannot be read: " + u.explain(), header: http.Header{"Connection": {"close"}}}
		if u.status == http.StatusRequestHeaderFieldsTooLarge {
			no.reason = "too-large"
		}
		x.refuseUnread(u.status, no)
		x.respond()
	}()
	return w.bytes()
}

// refuseUnread refuses with a status of net/http, which no contract documents, in the
// shape of an error that it does.
func (x *exchange) refuseUnread(status int, no *refusal) {
	x.entry.Decision.Reason, x.entry.Decision.Detail, x.entry.Decision.Source = no.reason, no.detail, "refusal"
	if x.mount != nil {
		for _, reason := range []string{no.reason, "malformed", "unknown-route"} {
			if like := x.mount.behaviour.Refusal(reason); like != nil && like.Layer == specs.LayerHTTP && like.Shape != "" {
				x.fillRefusal(&specs.Outcome{Layer: specs.LayerHTTP, Code: strconv.Itoa(status), Title: http.StatusText(status), Shape: like.Shape, Basis: specs.MadeUp}, no)
				return
			}
		}
	}
	x.answer = plainAnswer(status, no.reason, no.detail, nil)
	x.answer.header = no.header
}

// request makes of the beginning what can be made of it.
func (u unread) request() *http.Request {
	r := &http.Request{Method: "?", URL: &url.URL{Path: "/"}, RequestURI: "/", Proto: "HTTP/1.1", Header: http.Header{}, RemoteAddr: u.remote, TLS: u.tls, Body: http.NoBody}
	lines := u.lines()
	if len(lines) == 0 {
		return r
	}
	parts := strings.Split(lines[0], " ")
	if len(parts) != 3 {
		r.Method = "?"
		return r
	}
	r.Method, r.Proto, r.RequestURI = clean(parts[0]), clean(parts[2]), clean(parts[1])
	if at, err := url.ParseRequestURI(parts[1]); err == nil {
		r.URL = at
	}
	for _, line := range lines[1:] {
		if name, value, found := strings.Cut(line, ":"); found && name != "" {
			r.Header.Add(clean(name), clean(strings.TrimSpace(value)))
		}
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	return r
}

// lines are the lines of the head that came as a whole.
func (u unread) lines() []string {
	var lines []string
	in := bufio.NewScanner(bytes.NewReader(u.head))
	in.Buffer(nil, len(u.head)+1)
	for in.Scan() && in.Text() != "" {
		lines = append(lines, in.Text())
	}
	return lines
}

// clean keeps what can be shown on one line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return '?'
		}
		return r
	}, s)
}

// explain says what is wrong, which net/http mostly does not.
func (u unread) explain() string {
	switch {
	case u.why != "":
		return u.why
	case u.status == http.StatusRequestHeaderFieldsTooLarge:
		return "its header is larger than " + strconv.Itoa(maxHeader) + " bytes"
	}
	lines := u.lines()
	if len(lines) == 0 {
		return "it is no HTTP"
	}
	if parts := strings.Split(lines[0], " "); len(parts) != 3 || !strings.HasPrefix(parts[2], "HTTP/") {
		return "its first line should be METHOD TARGET HTTP/1.1, and is " + shown(clean(lines[0]))
	}
	lengths, hosts := map[string]bool{}, 0
	for _, line := range lines[1:] {
		name, value, found := strings.Cut(line, ":")
		switch {
		case !found:
			return "a line of its header has no colon: " + shown(clean(line))
		case name != strings.TrimSpace(name) || name == "":
			return "there is white space around the name of a header: " + shown(clean(name))
		case strings.EqualFold(name, "Host"):
			if hosts++; hosts > 1 {
				return "it has several lines Host"
			}
		case strings.EqualFold(name, "Content-Length"):
			value = strings.TrimSpace(value)
			if n, err := strconv.ParseUint(value, 10, 63); err != nil {
				return "Content-Length should be a number of bytes, and is " + shown(clean(value))
			} else if lengths[strconv.FormatUint(n, 10)] = true; len(lengths) > 1 {
				return "it has several lengths (Content-Length)"
			}
		case strings.EqualFold(name, "Transfer-Encoding") && len(lengths) > 0:
			return "it has both a Content-Length and a Transfer-Encoding"
		}
	}
	return "its first line or its header is malformed"
}

// captured is an answer that is written to the connection as a whole.
type captured struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *captured) Header() http.Header         { return c.header }
func (c *captured) Write(b []byte) (int, error) { return c.body.Write(b) }
func (c *captured) WriteHeader(status int)      { c.status = status }

func (c *captured) bytes() []byte {
	var out bytes.Buffer
	out.WriteString("HTTP/1.1 " + strconv.Itoa(c.status) + " " + http.StatusText(c.status) + "\r\n")
	c.header.Set("Connection", "close")
	_ = c.header.Write(&out)
	out.WriteString("\r\n")
	out.Write(c.body.Bytes())
	return out.Bytes()
}
