package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// FuzzAnswer judges whatever a server may answer: each time there is a judgement that a
// report can hold.
//
//fuzz:wire
func FuzzAnswer(f *testing.F) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: "
	for _, seed := range []string{
		head + "application/json\r\nContent-Length: 8\r\n\r\n{\"id\":1}", head + "application/xml; charset=gb18030\r\n\r\n<a/>", head + "\r\n\r\n" + parcel,
		"HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n<orderRevenueUpdateResponse><code>0</code></orderRevenueUpdateResponse>",
		"HTTP/1.1 999 \r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n\r\n--x--",
	} {
		f.Add([]byte(seed))
	}
	judged := []*specs.Operation{operation(f, "../testdata/parcels", "getParcel"), operation(f, "transeu", "getOrder"), operation(f, "otms", "orderRevenue")}
	f.Fuzz(func(t *testing.T, raw []byte) {
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
		if err != nil {
			return
		}
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
		for _, op := range judged {
			j := Response(op, Message{Status: resp.StatusCode, Header: resp.Header, Body: body})
			if _, err := json.Marshal(j.Findings); err != nil {
				t.Errorf("no report can hold it: %v", err)
			}
		}
	})
}
