package traffic

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/specs"
)

// Exchange is one request and its response as they went over the wire.
type Exchange struct {
	// Number counts exchanges from 1, in the order in which they began.
	Number int
	// Source says where it was recorded, such as "traffic.har:12"; "" if nowhere.
	Source string

	Method string
	URL    *url.URL
	// Proto is HTTP/1.1 or HTTP/2.0; "" if unknown.
	Proto    string
	Request  Message
	Status   int // 0: nothing came back
	Response Message
	// Failure is why nothing came back, or why the response broke off.
	Failure string

	Started time.Time
	Took    time.Duration
}

// Message is what is known of one side.
type Message struct {
	Header http.Header
	// Body after any content encoding was taken off.
	Body []byte
	// Unread is set where a body was sent and is not known: not recorded, too long,
	// or of a kind that is not judged. Why says it in words.
	Unread bool
	Why    string
	// UTF8 is set where the body is text of a recording, which is UTF-8 whatever
	// charset the headers name.
	UTF8 bool
}

// Matched is the operation that an exchange calls.
type Matched struct {
	Operation *specs.Operation
	Path      map[string]string // decoded path parameters
	// Allow lists the methods of a path that is known, where the operation is nil.
	Allow []string
}

// meant chooses among operations at one method and path that a query, a header or
// a field of a form tells apart.
func (m Matched) meant(x *Exchange) Matched {
	if m.Operation == nil || m.Operation.Alone() {
		return m
	}
	var form url.Values
	if strings.HasPrefix(x.Request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		// What cannot be read is for the judge of the body.
		form, _ = url.ParseQuery(string(x.Request.Body))
	}
	m.Operation = m.Operation.Choose(x.URL.Query(), x.Request.Header, form)
	return m
}
