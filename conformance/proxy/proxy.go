package proxy

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// The modes.
const (
	Report  = "report"  // let everything pass and say what deviates
	Enforce = "enforce" // hold back what deviates
)

// Modes lists the modes.
func Modes() []string { return []string{Report, Enforce} }

// defaultMaxBody is the most of a body that is judged, in bytes.
const defaultMaxBody = 8 << 20

// queued is how many exchanges may wait to be judged before a request has to wait.
const queued = 1024

// Options of a proxy. The zero value works.
type Options struct {
	Mode    string // Report (default) or Enforce
	Sides   string // one of traffic.Sides; "" is both
	MaxBody int64  // of a body that is judged; default 8 MiB
	Version string // of the suite
	// Transport sends to the upstream; nil is [Transport] with its defaults.
	Transport http.RoundTripper
	// Live is called for every deviation that was not met before.
	Live func(Line)
	// Failed is called when the upstream gave no answer, with the reason.
	Failed func(x *traffic.Exchange, why string)
	// Record is called for every finished exchange, also for those of no operation.
	Record func(*traffic.Judged, *mask.Masker) error
	Now    func() time.Time // nil is time.Now
}

// Line is one deviation as it is met.
type Line struct {
	Exchange *traffic.Exchange
	// Blocked is set when the mode enforce held the message back.
	Blocked   bool
	Deviation reports.Deviation // masked
	URL       string            // masked
}

// Proxy is an http.Handler. Close it, then ask for its report.
type Proxy struct {
	contract *specs.Contract
	upstream *url.URL
	options  Options
	router   *traffic.Router
	reverse  *httputil.ReverseProxy

	started time.Time
	number  atomic.Int64
	done    chan *passage

	// Of the goroutine that judges, until finished is closed.
	all       *traffic.Collector
	secrets   *traffic.Secrets
	recordErr error
	finished  chan struct{}

	closing sync.Once
	guard   sync.RWMutex // held for reading while a passage is handed over
	closed  bool
}

// New makes a proxy in front of an upstream. It judges until Close.
func New(c *specs.Contract, upstream string, o Options) (*Proxy, error) {
	u, err := upstreamURL(upstream)
	if err != nil {
		return nil, err
	}
	if o.Mode == "" {
		o.Mode = Report
	}
	if o.Mode != Report && o.Mode != Enforce {
		return nil, fmt.Errorf("mode %q is none of %s", o.Mode, strings.Join(Modes(), ", "))
	}
	if o.MaxBody <= 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = Transport(nil, u.Scheme == "h2c")
	}
	if u.Scheme == "h2c" {
		u.Scheme = "http"
	}
	p := &Proxy{contract: c, upstream: u, options: o, router: traffic.NewRouter(c), started: o.Now(), done: make(chan *passage, queued),
		all: traffic.NewCollector(c), secrets: traffic.NewSecrets(c), finished: make(chan struct{})}
	p.reverse = &httputil.ReverseProxy{Rewrite: p.rewrite, Transport: o.Transport, ModifyResponse: p.response, ErrorHandler: p.failed,
		ErrorLog: log.New(discard{}, "", 0)}
	go p.work()
	return p, nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func upstreamURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, errors.New("no upstream: give the base URL of the real server, such as http://127.0.0.1:8080")
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "h2c" {
		return nil, fmt.Errorf("upstream %q is not a base URL: it must begin with http://, https:// or h2c:// and name a host", text)
	}
	if u.User != nil {
		return nil, fmt.Errorf("upstream %q has credentials in it, which would be seen: the client sends its own", u.Redacted())
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("upstream %q has a query or a fragment: give the base URL alone", text)
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

// Transport makes the connection to an upstream: HTTP/1.1 and, over TLS, HTTP/2. With
// h2c it speaks HTTP/2 without TLS. from is cloned; nil is the standard transport.
func Transport(from *http.Transport, h2c bool) *http.Transport {
	if from == nil {
		from = http.DefaultTransport.(*http.Transport)
	}
	t := from.Clone()
	t.DisableCompression = true // what the client asked for goes through
	t.MaxIdleConnsPerHost = 64
	t.MaxResponseHeaderBytes = 1 << 20
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(!h2c)
	t.Protocols.SetHTTP2(!h2c)
	t.Protocols.SetUnencryptedHTTP2(h2c)
	return t
}

// rewrite aims a request at the upstream. An upstream that is given with the base
// path of the contract is not given it twice.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	base := strings.TrimSuffix(p.contract.BasePath, "/")
	target := *p.upstream
	if base != "" && strings.HasSuffix(target.Path, base) && strings.HasPrefix(r.In.URL.Path, base+"/") {
		target.Path = strings.TrimSuffix(target.Path, base)
	}
	r.SetURL(&target)
	// A chain of proxies stays known to the upstream.
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"} {
		if given := r.In.Header[name]; given != nil {
			r.Out.Header[name] = slices.Clone(given)
		}
	}
	forwarded := r.Out.Header.Clone()
	r.SetXForwarded()
	for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Proto"} {
		if given := forwarded[name]; given != nil {
			r.Out.Header[name] = given
		}
	}
	r.Out.Trailer = r.In.Trailer // filled when the body has been read
	if pass := passageOf(r.In.Context()); pass != nil {
		// Only codings that can be taken off again are offered to the upstream.
		if given := r.Out.Header.Get("Accept-Encoding"); given != "" {
			r.Out.Header.Set("Accept-Encoding", readable(given))
		}
	}
}

// readable gives what a client accepts of the codings that can be taken off.
func readable(acceptEncoding string) string {
	for _, one := range strings.Split(strings.ToLower(acceptEncoding), ",") {
		name, params, _ := strings.Cut(one, ";")
		weight, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(params), "q=")), 64)
		if strings.TrimSpace(name) == "gzip" && (params == "" || err == nil && weight > 0) {
			return "gzip"
		}
	}
	return "identity"
}

type passageKey struct{}

func passageOf(ctx context.Context) *passage {
	pass, _ := ctx.Value(passageKey{}).(*passage)
	return pass
}

// Close waits until all that went through is judged. Shut the server down first;
// what comes later is not judged.
func (p *Proxy) Close() error {
	p.closing.Do(func() {
		p.guard.Lock()
		p.closed = true
		close(p.done)
		p.guard.Unlock()
	})
	<-p.finished
	return p.recordErr
}

// Report gives the report of what was judged. Call Close first.
func (p *Proxy) Report() *reports.Report {
	<-p.finished
	return p.all.Report(traffic.Head{Version: p.options.Version, Target: p.upstream.Redacted(), Started: p.started, Took: p.options.Now().Sub(p.started)})
}

// Unmatched lists requests that called no operation. Call Close first.
func (p *Proxy) Unmatched() *traffic.Collector {
	<-p.finished
	return p.all
}
