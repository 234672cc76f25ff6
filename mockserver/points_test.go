package mockserver_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
)

// Of many imports of one external id at the same instant exactly one makes the point,
// and the same import again updates it, however often.
func TestAnExternalIDIsOnePoint(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "otms"))
	post := func(reference string) string {
		body := `<shipPointImportRequest version="0.1"><shipPoints><shipPoint sequence="1"><clientReferenceNumber>` + reference +
			`</clientReferenceNumber><type>1</type><companyName>A</companyName><selectType>1</selectType><externalId>SHARED</externalId></shipPoint></shipPoints></shipPointImportRequest>`
		r, err := http.NewRequest(http.MethodPut, web.URL+"/ws/shipPointImport", strings.NewReader(body))
		if err != nil {
			return err.Error()
		}
		r.Header.Set("Content-Type", "application/xml")
		r.SetBasicAuth("demo", "demo")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err.Error()
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		for _, word := range []string{"ADDED", "UPDATED", "1010"} {
			if strings.Contains(string(text), ">"+word+"<") {
				return word
			}
		}
		return string(text)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	seen, maker := map[string]int{}, ""
	for i := range 64 {
		all.Go(func() {
			word := post(fmt.Sprintf("REF-%d", i))
			mu.Lock()
			defer mu.Unlock()
			if seen[word]++; word == "ADDED" {
				maker = fmt.Sprintf("REF-%d", i)
			}
		})
	}
	all.Wait()
	if seen["ADDED"] != 1 || seen["1010"] != 63 {
		t.Fatalf("expected one ADDED and 63 times 1010, found %v", seen)
	}
	for range 3 {
		if word := post(maker); word != "UPDATED" {
			t.Errorf("the same import again: expected UPDATED, found %s", word)
		}
	}
}
