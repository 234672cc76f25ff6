package har

import (
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Options of a check.
type Options struct {
	Version string // of the suite
	Sides   string // one of traffic.Sides; "" is both
	// Now dates the report of an archive without times; nil is time.Now.
	Now func() time.Time
}

// Check judges every exchange of an archive that calls an operation of the contract.
func Check(c *specs.Contract, f *File, o Options) (*reports.Report, *traffic.Collector) {
	router, all := traffic.NewRouter(c), traffic.NewCollector(c)
	head := traffic.Head{Version: o.Version}
	var hosts []string
	var end time.Time
	for _, x := range f.Exchanges {
		m := router.Match(x.Method, x.URL.EscapedPath())
		if m.Operation == nil {
			all.Unmatched(x, m)
			continue
		}
		all.Add(traffic.Judge(x, m, o.Sides))
		if host := x.URL.Scheme + "://" + x.URL.Host; x.URL.Host != "" && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
		if head.Started.IsZero() || !x.Started.IsZero() && x.Started.Before(head.Started) {
			head.Started = x.Started
		}
		if e := x.Started.Add(x.Took); e.After(end) {
			end = e
		}
	}
	slices.Sort(hosts)
	head.Target = strings.Join(hosts[:min(len(hosts), 5)], " ")
	switch {
	case !head.Started.IsZero():
		head.Took = end.Sub(head.Started)
	case o.Now != nil:
		head.Started = o.Now()
	default:
		head.Started = time.Now()
	}
	return all.Report(head), all
}
