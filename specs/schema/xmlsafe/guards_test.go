package xmlsafe

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lestrrat-go/libxml2/xsd"
)

// The second line of defence: what Go would refuse before is given to C here.
func TestNothingIsEverLoaded(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		fmt.Fprint(w, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>`)
	}))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "secret.xsd")
	if err := os.WriteFile(file, []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{server.URL + "/x.xsd", file, "file://" + file} {
		source := `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="` + where + `"/></xs:schema>`
		var err error
		said := collect(func() { _, err = xsd.Parse([]byte(source)) })
		if err == nil && len(said) == 0 {
			t.Errorf("an include of %s was compiled without a word", where)
		}
		for _, body := range []string{
			`<!DOCTYPE a SYSTEM "` + where + `"><a/>`,
			`<!DOCTYPE a [<!ENTITY x SYSTEM "` + where + `">]><a>&x;</a>`,
			`<!DOCTYPE a [<!ENTITY % x SYSTEM "` + where + `">%x;]><a/>`,
			`<!DOCTYPE a><a/>`,
		} {
			r, err := enter(nil, []byte(body))
			if err == nil {
				r.close()
				t.Errorf("%s was read", body)
			}
		}
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestNoMoreCallsThanProcessors(t *testing.T) {
	begin()
	for range cap(places) {
		places <- struct{}{}
	}
	done := make(chan error)
	go func() {
		_, err := Parse([]byte("<a/>"), "", Limits{})
		done <- err
	}()
	select {
	case <-done:
		t.Error("one call more than there are places was let in")
	case <-time.After(50 * time.Millisecond):
	}
	for range cap(places) {
		<-places
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// libxml2 gives up on a pattern in which the same text can be read in too many
// ways. That is neither valid nor invalid, and must not pass for valid.
func TestAFailedValidationIsNotValid(t *testing.T) {
	schema := compile(t, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:simpleType>
<xs:restriction base="xs:string"><xs:pattern value="(a{1,50}){1,50}b"/></xs:restriction></xs:simpleType></xs:element></xs:schema>`)
	_, issues, err := schema.Check([]byte("<a>"+strings.Repeat("a", 40)+"</a>"), "", Limits{})
	if err != nil || len(issues) == 0 || issues[len(issues)-1].Code != CodeFailed {
		t.Errorf("got %v %v", err, issues)
	}
}

// What follows a fault is not read any more: it would be read by rules that the
// scan does not know. Read on, these attributes take seconds.
func TestTheParserStopsAtTheFirstError(t *testing.T) {
	var body strings.Builder
	body.WriteString("<a b='1' b='1'><c")
	for i := range 320_000 {
		fmt.Fprintf(&body, " a%d=''", i)
	}
	body.WriteString("/>")
	start := time.Now()
	r, err := enter(nil, []byte(body.String()))
	if err == nil {
		r.close()
		t.Fatal("it was read")
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s to refuse it", took)
	}
}
