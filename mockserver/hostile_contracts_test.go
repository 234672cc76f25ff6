package mockserver_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// attack is one hostile request, or several on one connection.
type attack struct {
	name, text string
	want       []int  // the statuses, in order
	says       string // in the last answer
	shapeless  bool   // the answer has no body, as HTTP wants it
}

// victim is how a contract is called.
type victim struct {
	contract, path, get, mediaType, credentials, good string
	method                                            string
}

func (v victim) post(body string, headers ...string) string {
	head := v.method + " " + v.path + " HTTP/1.1\r\nHost: mock\r\nAuthorization: " + v.credentials + "\r\n"
	all := strings.Join(headers, "\r\n")
	if !strings.Contains(all, "Content-Type:") {
		head += "Content-Type: " + v.mediaType + "\r\n"
	}
	if all != "" {
		head += all + "\r\n"
	}
	if !strings.Contains(all, "Transfer-Encoding:") && !strings.Contains(all, "Content-Length:") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	return head + "\r\n" + body
}

func (v victim) line(method, path string, headers ...string) string {
	return method + " " + path + " HTTP/1.1\r\nHost: mock\r\nAuthorization: " + v.credentials + "\r\n" + strings.Join(append(headers, ""), "\r\n") + "\r\n"
}

// wide is a text in UTF-16 with its mark.
func wide(s string) string {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return string(out)
}

// onTheWire is wrong for every contract in the same way.
func (v victim) onTheWire() []attack {
	chunks := strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 64)
	return []attack{
		{"a header of 1 MB", "GET " + v.get + " HTTP/1.1\r\nHost: mock\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", []int{431}, "larger than", false},
		{"ten thousand headers", "GET " + v.get + " HTTP/1.1\r\nHost: mock\r\n" + strings.Repeat("X-A: b\r\n", 10_000) + "\r\n", []int{431}, "larger than", false},
		{"chunks without end", v.post(chunks, "Transfer-Encoding: chunked"), []int{413}, "larger than", false},
		{"a broken chunk", v.post("zz\r\nnothing\r\n", "Transfer-Encoding: chunked"), []int{400}, "", false},
		{"a gzip bomb", v.post(bomb(), "Content-Encoding: gzip"), []int{415}, "gzip", false},
		{"a body that is too large by its announcement", v.post("x", "Content-Length: 99999999"), []int{413}, "larger than", false},
		{"a length and chunks", v.post("0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 3"), []int{400}, "", false},
		{"a length and chunks of a good request", v.post(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(v.good), v.good), "Transfer-Encoding: chunked", "Content-Length: 3"), []int{400}, "both", false},
		{"two lengths", v.post(v.good, "Content-Length: 3", fmt.Sprint("Content-Length: ", len(v.good))), []int{400}, "several lengths", false},
		{"a negative length", v.post("", "Content-Length: -1"), []int{400}, "Content-Length should be", false},
		{"an unknown transfer coding", v.post("x", "Transfer-Encoding: gzip, chunked"), []int{501}, "", false},
		{"smuggling by a line feed", v.line("GET", v.get, "X: a\nTransfer-Encoding : chunked"), []int{400}, "invalid header name", false},
		{"no host", "GET " + v.get + " HTTP/1.1\r\n\r\n", []int{400}, "Host", false},
		{"two hosts", "GET " + v.get + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", []int{400}, "Host", false},
		{"a header without a colon", "GET " + v.get + " HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", []int{400}, "colon", false},
		{"not HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []int{400}, "", false},
		{"HTTP/9.0", "GET " + v.get + " HTTP/9.0\r\nHost: mock\r\n\r\n", []int{505}, "", false},
		{"an old version of HTTP, without credentials", v.method + " " + v.path + " HTTP/1.0\r\nContent-Type: " + v.mediaType + "\r\n\r\n", []int{401, 400}, "", false},
		{"TRACE", v.line("TRACE", v.path), []int{405}, "", false},
		{"a method that is none", v.line("BREW", v.path), []int{405}, "", false},
		{"CONNECT", "CONNECT mock:443 HTTP/1.1\r\nHost: mock:443\r\n\r\n", []int{404}, "", false},
		{"an expectation that cannot be met", v.post(v.good, "Expect: the-impossible"), []int{417}, "", true},
		{"path traversal", v.line("GET", v.get+"/../../../../etc/passwd"), []int{404}, "", false},
		{"escaped path traversal", v.line("GET", v.path+"/..%2f..%2fetc%2fpasswd"), []int{404, 400, 405}, "", false},
		{"a session that is none", v.post(v.good, "Mock-Session: ../../etc"), []int{400}, "Mock-Session", false},
		{"no media type that is known", v.post(v.good, "Content-Type: text/x-evil; charset=\"\x01\""), []int{400, 415}, "", false},
		{"an announced body that waits for 100", v.post("{", "Expect: 100-continue"), []int{100, 400}, "", false},
		{"the next requests after an error", v.post("{") + v.post("") + v.line("GET", v.get+"x/y/z/nothing"), []int{400, 400, 404}, "", false},
	}
}

// inJSON is wrong in a JSON body.
func (v victim) inJSON() []attack {
	deep := strings.Repeat(`{"a":`, 100_000)
	return []attack{
		{"duplicate names", v.post(`{"id":"a","id":"b"}`), []int{400}, "twice", false},
		{"a number of 10,000 digits", v.post(`{"id":` + strings.Repeat("9", 10_000) + `}`), []int{400}, "", false},
		{"an exponent without measure", v.post(`{"id":1e999999999}`), []int{400}, "", false},
		{"deep nesting", v.post(deep), []int{400}, "", false},
		{"deep lists", v.post(strings.Repeat("[", 500_000)), []int{400}, "", false},
		{"invalid UTF-8", v.post("{\"id\":\"\xff\xfe\"}"), []int{400}, "", false},
		{"a lone surrogate", v.post(`{"id":"\ud800"}`), []int{400}, "", false},
		{"UTF-16", v.post(wide(v.good)), []int{400}, "", false},
		{"a mark before the text", v.post("\xef\xbb\xbf{"), []int{400}, "", false},
		{"a NUL", v.post("{\"id\":\"\x00\"}"), []int{400}, "", false},
		{"null", v.post("null"), []int{400}, "", false},
		{"a text", v.post(`"x"`), []int{400}, "", false},
		{"members without end", v.post("{" + strings.Repeat(`"a":1,`, 100_000)), []int{400}, "", false},
		{"something behind the value", v.post(v.good + "{}"), []int{400}, "", false},
		{"a torn body", v.post(v.good[:len(v.good)/2]), []int{400}, "", false},
	}
}

// inXML is wrong in an XML body.
func (v victim) inXML() []attack {
	with := func(before, inside string) string {
		return v.post(before + strings.Replace(v.good, "<orderNumber>A<", "<orderNumber>"+inside+"<", 1))
	}
	bombs := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">` + func() (s string) {
		for i := 'b'; i < 'm'; i++ {
			s += fmt.Sprintf(`<!ENTITY %c "%s">`, i, strings.Repeat("&"+string(i-1)+";", 10))
		}
		return s
	}() + `]>`
	return []attack{
		{"a bomb of entities", with(bombs, "&l;"), []int{400}, "", false},
		{"an external entity", with(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`, "&e;"), []int{400}, "", false},
		{"an external document type", with(`<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">`, "A"), []int{400}, "", false},
		{"a parameter entity", with(`<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:1/x">%e;]>`, "A"), []int{400}, "", false},
		{"an entity that nobody declared", with("", "&nope;"), []int{400}, "", false},
		{"a character that XML has not", with("", "&#0;"), []int{400}, "", false},
		{"a control character", with("", "\x01"), []int{400}, "", false},
		{"invalid UTF-8", with("", "\xff\xfe"), []int{400}, "", false},
		{"another encoding than declared", v.post(`<?xml version="1.0" encoding="UTF-16"?>` + v.good), []int{400}, "", false},
		{"an encoding that nobody knows", v.post(`<?xml version="1.0" encoding="EBCDIC-X"?>` + v.good), []int{400}, "", false},
		{"duplicate attributes", v.post(strings.Replace(v.good, `version="0.1"`, `version="0.1" version="0.2"`, 1)), []int{400}, "", false},
		{"attributes without measure", v.post(strings.Replace(v.good, `version="0.1"`, `version="0.1"`+func() string {
			var s strings.Builder
			for i := range 50_000 {
				fmt.Fprintf(&s, ` a%d="x"`, i)
			}
			return s.String()
		}(), 1)), []int{400}, "", false},
		{"deep nesting", v.post(strings.Repeat("<a>", 100_000)), []int{400}, "", false},
		{"a torn body", v.post(v.good[:len(v.good)/2]), []int{400}, "", false},
		{"two roots", v.post(v.good + v.good), []int{400}, "", false},
		{"a JSON body", v.post(`{"a":1}`), []int{400}, "", false},
		{"a name space that nobody declared", with("", "A</orderNumber><x:y/><orderNumber>"), []int{400}, "", false},
	}
}

// 64 clients send everything that is wrong at the same time, to each contract. Each
// answer has the shape that the contract gives to errors, the journal explains each,
// and nothing is changed.
func TestHostileClientsOfEveryContract(t *testing.T) {
	victims := []victim{
		{contract: "otm5", method: "PUT", path: "/api/v5/vehicles", get: "/api/v5/vehicles/e674e0a3-847c-4f75-bdff-cedaf6986c7c", mediaType: "application/json",
			credentials: "Bearer demo", good: `{"id":"e674e0a3-847c-4f75-bdff-cedaf6986c7c","name":"never"}`},
		{contract: "otms", method: "POST", path: "/ws/orderRevenue", get: "/ws/nothing", mediaType: "application/xml",
			credentials: "Basic ZGVtbzpkZW1v", good: revenue},
	}
	for _, v := range victims {
		t.Run(v.contract, func(t *testing.T) {
			s, address := hardened(t, mockserver.Options{MaxBody: 1 << 20, Journal: journal.Limits{Entries: 100_000, Bytes: 1 << 30, Body: 2 << 10}}, v.contract, 0)
			a := newAdminClient(t, "http://"+address)
			_, before := a.call("GET", "snapshot", nil, 200)
			attacks := v.onTheWire()
			if v.contract == "otms" {
				attacks = append(attacks, v.inXML()...)
			} else {
				attacks = append(attacks, v.inJSON()...)
			}
			var wg sync.WaitGroup
			for client := range 64 {
				wg.Go(func() {
					for i := range attacks {
						one := attacks[(client+i)%len(attacks)]
						got, last, err := exchangeRaw(address, one.text, max(1, len(one.want)-oneOf(one.want)))
						if !expected(one.want, got) {
							t.Errorf("%s: expected %v, found %v %.300s (%v)", one.name, one.want, got, last, err)
							continue
						}
						if !strings.Contains(last, one.says) || strings.Contains(last, "root:") {
							t.Errorf("%s: expected the answer to say %q, found %.300s", one.name, one.says, last)
						}
						if !one.shapeless {
							shaped(t, v.contract, one.name, last, got[len(got)-1])
						}
					}
				})
			}
			wg.Wait()
			if _, after := a.call("GET", "snapshot", nil, 200); !bytes.Equal(before, after) {
				t.Error("hostile requests changed the state")
			}
			entries := s.Journal().Entries(journal.Filter{})
			for _, e := range entries {
				if e.Internal != "" {
					t.Fatalf("%s %s failed inside: %s", e.Method, e.URL, e.Internal)
				}
				if e.Status >= 400 && (e.Decision.Reason == "" && e.Decision.Outcome == "" || e.Decision.Detail == "") {
					t.Fatalf("the journal does not explain %s %s %d: %+v", e.Method, e.URL, e.Status, e.Decision)
				}
			}
			if most := 64 * len(attacks); len(entries) < most {
				t.Errorf("of %d attacks %d are in the journal", most, len(entries))
			}
		})
	}
}

// oneOf tells whether the statuses are alternatives: the names of such cases say so.
func oneOf(want []int) int {
	if len(want) > 1 && want[len(want)-1] != 404 && want[0] != 100 {
		return len(want) - 1
	}
	return 0
}

func expected(want, got []int) bool {
	if oneOf(want) > 0 {
		return len(got) == 1 && strings.Contains(fmt.Sprint(want), fmt.Sprint(got[0]))
	}
	return fmt.Sprint(want) == fmt.Sprint(got)
}

// shaped checks that an answer has the shape of the contract's errors: a fault in XML,
// or a list of errors with a type; the 401, 404 and 405 of that contract have no body.
func shaped(t *testing.T, contract, name, answer string, status int) {
	t.Helper()
	if contract == "otms" {
		if !strings.HasPrefix(answer, "<?xml") || !strings.Contains(answer, "<fault>") && !strings.Contains(answer, "Response") {
			t.Errorf("%s: expected a fault of the contract, found %.200s", name, answer)
		}
		return
	}
	if answer == "" && (status == 401 || status == 404 || status == 405) {
		return
	}
	var errors []struct{ Type, Message string }
	if err := json.Unmarshal([]byte(answer), &errors); err != nil || len(errors) == 0 || errors[0].Type == "" || errors[0].Message == "" {
		t.Errorf("%s: expected a list of errors, found %.200s", name, answer)
	}
}
