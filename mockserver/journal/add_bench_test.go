package journal_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// Keeping an entry must cost next to nothing.
func BenchmarkAdd(b *testing.B) {
	j := journal.New(journal.Limits{})
	in := http.Header{"Authorization": {"Bearer demo"}, "Accept-Encoding": {"gzip"}, "User-Agent": {"Go-http-client/1.1"}, "Content-Type": {"application/json"}, "Content-Length": {"2000"}}
	out := http.Header{"Content-Type": {"application/json"}, "Content-Length": {"2000"}}
	body := make([]byte, 2000)
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		j.Add(&journal.Entry{Session: "default", Time: now, RequestHeader: in, ResponseHeader: out, RequestBody: body, ResponseBody: body})
	}
}
