package engine

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Options says what is tested and how. Contract and Target are needed; the zero
// value of the rest works.
type Options struct {
	// Target is a base URL; the contract's base path is appended unless it is there.
	Target string
	// Identities by name; nil means the demo identities of the contract.
	Identities map[string]Credentials
	// ProviderStates is the URL of a set-up hook; "" means that there is none.
	ProviderStates string
	// Fixtures are records that were prepared on the target by hand.
	Fixtures []Fixture
	Parallel int           // scenarios at a time; default 4
	InOrder  bool          // begin scenarios in the order of the list, not the longest first
	Rate     float64       // requests per second over all; 0 is without limit
	Timeout  time.Duration // of one exchange; default 10 s
	Seed     int64         // of unique values
	Version  string        // of the suite, for the User-Agent
	// Transport sends the requests; nil is a plain one with bounded resources.
	Transport http.RoundTripper
	// Headers go out with every request to the target and to the set-up hook.
	Headers map[string]string
	Now     func() time.Time // nil is time.Now
}

// Credentials of one caller. What the operation's scheme asks for is used.
type Credentials struct {
	Login    string
	Password string
	Bearer   string
	Headers  map[string]string
	// Public is set for the demo credentials of a contract, which need no masking
	// beyond the places where credentials stand.
	Public bool
}

// Fixture stands in for a provider state.
type Fixture struct {
	State  string            `yaml:"state"`
	Params map[string]string `yaml:"params,omitempty"`
	Values map[string]string `yaml:"values"`
	Line   int               // in its file
	Col    int
}

// maxBody is the most that is read of a response, in bytes.
const maxBody = 8 << 20

// endless is where nobody waits any longer for the end of a response, in bytes beyond
// those that are read.
const endless = 64 << 20

// Runner runs scenarios. It is safe for concurrent use.
type Runner struct {
	contract   *specs.Contract
	options    Options
	base       *url.URL
	client     *http.Client
	limiter    *rate.Limiter
	identities map[string]Credentials
	mask       *masker
	shelf      reports.Shelf
	fields     fieldLists

	// pausedUntil is when the target may be called again; see limited.go.
	pauseMu     sync.Mutex
	pausedUntil time.Time
	// refusals counts those in a row, the first at refusedSince.
	refusals     int
	refusedSince time.Time

	// tidied is set when the target closes connections that are not used.
	tidied atomic.Bool

	// hookSilent counts how often in a row the set-up hook gave no answer.
	hookSilent atomic.Int32

	statesMu sync.Mutex
	states   map[string]*stateUse
}

// New checks the options. The error is one of configuration: nothing was sent.
func New(c *specs.Contract, o Options) (*Runner, error) {
	base, err := BaseURL(c, o.Target)
	if err != nil {
		return nil, err
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = transport(o.Parallel)
	}
	if o.ProviderStates != "" {
		if u, err := url.Parse(o.ProviderStates); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("--provider-states: %q is not a URL with a host, such as http://127.0.0.1:8080/__admin/provider-states", o.ProviderStates)
		}
	}
	r := &Runner{contract: c, options: o, base: base, identities: o.Identities}
	if r.identities == nil {
		r.identities = DemoIdentities(c)
	}
	r.mask = newMasker(c, r.identities)
	r.limiter = rate.NewLimiter(rate.Inf, 1)
	if o.Rate > 0 {
		r.limiter = rate.NewLimiter(rate.Limit(o.Rate), 1)
	}
	r.client = &http.Client{Transport: o.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return r, nil
}

func transport(parallel int) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = parallel + 1
	t.MaxResponseHeaderBytes = 1 << 20
	return t
}

// BaseURL gives the URL below which the operations of a contract lie.
func BaseURL(c *specs.Contract, target string) (*url.URL, error) {
	if target == "" {
		return nil, errors.New("no target: give the base URL of the implementation, such as http://127.0.0.1:8080")
	}
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("target %q is not a base URL: it must begin with http:// or https:// and name a host", target)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("target %q: port %s is none, they go from 1 to 65535", target, port)
		}
	}
	if u.User != nil {
		return nil, fmt.Errorf("target %q has credentials in it, which would end up in reports: give them with --auth", u.Redacted())
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("target %q has a query or a fragment: give the base URL alone", target)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	if base := strings.TrimRight(c.BasePath, "/"); !strings.HasSuffix(u.Path, base) {
		u.Path += base
	}
	u.RawPath = ""
	return u, nil
}

// Base is the URL below which the operations are called.
func (r *Runner) Base() string { return r.base.String() }
