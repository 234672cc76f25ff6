package har

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

const good = `{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":1}`

func open(t testing.TB) *specs.Contract {
	t.Helper()
	c, err := specs.Open("../testdata/parcels")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// get is an entry that reads a parcel; content is the JSON of response.content.
func get(path, content string) string {
	return fmt.Sprintf(`{"startedDateTime":"2026-01-02T03:04:05.678Z","time":12.5,"request":{"method":"GET","url":"https://h.example%s","headers":[{"name":":method","value":"GET"}],"bodySize":0},
"response":{"status":200,"headers":[{"name":"content-type","value":"application/json"}],"content":%s}}`, path, content)
}

func archive(entries ...string) string {
	return `{"comment":"x","log":{"version":"1.2","pages":[{"deep":[1]}],"entries":[` + strings.Join(entries, ",") + `],"comment":""}}`
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func TestCheck(t *testing.T) {
	c := open(t)
	base := c.BasePath
	parcel := "/parcels/2b0c3d4e-0000-4000-8000-000000000001"
	text := func(body string) string {
		return `{"mimeType":"application/json","size":9,"text":` + quoted(body) + `}`
	}
	bad := `{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":"1"}`
	for _, tc := range []struct {
		name, reason string
		entry        string
		verdict      reports.Verdict
		found        string // "path kind" of the deviations, sorted by occurrence
	}{
		{"good", "nothing deviates", get(base+parcel, text(good)), reports.Partial, ""},
		{"deviation", "weight is a text", get(base+parcel, text(bad)), reports.NonConformant, "/weight type"},
		{"base64", "proxies write bodies so", get(base+parcel, `{"encoding":"base64","text":"`+base64.StdEncoding.EncodeToString([]byte(bad))+`"}`), reports.NonConformant, "/weight type"},
		{"body not recorded", "a browser drops bodies: no finding, and nothing is known to be fine", get(base+parcel, `{"size":120,"mimeType":"application/json"}`), reports.Inconclusive, ""},
		{"one body not recorded", "the others count", get(base+parcel, `{"size":120,"mimeType":"application/json"}`) + "," + get(base+parcel, text(good)), reports.Partial, ""},
		{"empty body", "the server answered nothing", get(base+parcel, `{"size":0,"text":""}`), reports.NonConformant, " missing"},
		{"behind a prefix", "a gateway mounts it elsewhere", get("/gw/v7"+base+parcel, text(bad)), reports.NonConformant, "/weight type"},
		{"without the base path", "the mount is not the documented one", get("/elsewhere"+parcel, text(bad)), reports.NonConformant, "/weight type"},
		{"other traffic", "an image matches nothing", get("/logo.png", text(good)), reports.Inconclusive, ""},
		{"aborted", "a browser writes status 0", strings.Replace(get(base+parcel, text(bad)), `"status":200`, `"status":0`, 1), reports.Inconclusive, ""},
		{"status as text", "a sloppy exporter", strings.Replace(get(base+parcel, text(bad)), `"status":200`, `"status":"200"`, 1), reports.NonConformant, "/weight type"},
		{"charset of the text", "the text of an archive is Unicode", strings.Replace(get(base+parcel, text(strings.Replace(good, `"A"`, `"Ä"`, 1))), `application/json"}]`, `application/json; charset=iso-8859-1"}]`, 1), reports.Partial, ""},
		{"not an entry", "the rest is still read", `17,` + get(base+parcel, text(bad)), reports.NonConformant, "/weight type"},
	} {
		f, err := Read("t.har", strings.NewReader(archive(tc.entry)))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		r, _ := Check(c, f, Options{})
		var found []string
		for _, d := range r.Deviations {
			if d.Severity == reports.SeverityError {
				found = append(found, d.Path+" "+d.Kind)
			}
		}
		if r.Verdict != tc.verdict || strings.Join(found, ";") != tc.found {
			t.Errorf("%s (%s): %s %q, expected %s %q\n%v", tc.name, tc.reason, r.Verdict, found, tc.verdict, tc.found, r.Why)
		}
	}
}

func TestCheckSidesAndIdentity(t *testing.T) {
	c := open(t)
	post := func(body, token string) string {
		return fmt.Sprintf(`{"request":{"method":"POST","url":"http://x%s/parcels","headers":[{"name":"Authorization","value":"Bearer %s"}],"postData":{"mimeType":"application/json","text":%s}},
"response":{"status":201,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":%s}}}`, c.BasePath, token, quoted(body), quoted(good))
	}
	f, err := Read("t.har", strings.NewReader(archive(post(`{"number":"A"}`, "s3cr3t-token"), post(`{"number":"s3cr3t-token"}`, "s3cr3t-token"))))
	if err != nil {
		t.Fatal(err)
	}
	both, _ := Check(c, f, Options{})
	if len(both.Deviations) != 1 || both.Deviations[0].Step != traffic.SideRequest || len(both.Scenarios) != 2 {
		t.Errorf("one finding in two exchanges has one id, found %+v", both.Deviations)
	}
	for _, s := range both.Scenarios {
		if s.Status != reports.Failed {
			t.Errorf("%s is %s, expected failed", s.ID, s.Status)
		}
	}
	if responses, _ := Check(c, f, Options{Sides: "responses"}); responses.Verdict != reports.Partial || len(responses.Deviations) != 0 {
		t.Errorf("the server did nothing wrong, found %+v", responses.Deviations)
	}
	text, _ := json.Marshal(both)
	if strings.Contains(string(text), "s3cr3t-token") {
		t.Error("a credential is in the report")
	}
	if !both.Coverage.Operations[0].Exercised && !both.Coverage.Operations[1].Exercised {
		t.Error("the coverage does not show the operation")
	}
	var out bytes.Buffer
	if err := reports.JSON(&out, both); err != nil {
		t.Fatal(err)
	}
	if _, err := reports.Decode(&out); err != nil {
		t.Errorf("the report is not one by its own schema: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tc := range []struct{ name, file, says string }{
		{"empty", "", "t.har:1"},
		{"no log", `{"a":1}`, `no "log"`},
		{"list", "[]", "expected an object"},
		{"cut off", "{\n\"log\":{\"entries\":[{\"request\":", "ends in the middle"},
		{"entries no list", `{"log":{"entries":{}}}`, "must be a list"},
		{"bottomless", strings.Repeat(`{"log":`, 100000), "nested"},
	} {
		if _, err := Read("t.har", strings.NewReader(tc.file)); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, expected %q", tc.name, err, tc.says)
		}
	}
}

func TestWriterIsWholeAfterEveryEntry(t *testing.T) {
	c := open(t)
	path := filepath.Join(t.TempDir(), "r.har")
	w, err := Create(path, "1")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	u, _ := url.Parse("http://h" + c.BasePath + "/parcels/1?x=1")
	for n := 0; n <= 2; n++ {
		if n > 0 {
			x := &traffic.Exchange{Method: "GET", URL: u, Status: 200, Started: time.Unix(0, 0), Request: traffic.Message{Header: http.Header{"Authorization": {"Bearer abcdef"}}},
				Response: traffic.Message{Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(good)}}
			if err := w.Write(x, mask.New(c, nil, nil)); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read("r.har", bytes.NewReader(raw))
		if err != nil || len(f.Exchanges) != n || f.BrokenCount > 0 {
			t.Fatalf("after %d entries: %v %+v\n%s", n, err, f, raw)
		}
		if bytes.Contains(raw, []byte("abcdef")) {
			t.Fatal("a credential is in the recording")
		}
		if n == 2 && string(f.Exchanges[1].Response.Body) != good {
			t.Errorf("the body came back as %s", f.Exchanges[1].Response.Body)
		}
	}
}

//fuzz:wire
func FuzzRead(f *testing.F) {
	c := open(f)
	f.Add(archive(get(c.BasePath+"/parcels/1", `{"text":"{}"}`)))
	f.Add(`{"log":{"entries":[{"request":{"method":"PUT","url":"/%zz","headers":{"a":"b"},"postData":{"params":[{"name":"x"}]}},"response":{"status":1e9}}]}}`)
	f.Add(`{"log":{"entries":[{"request":{"method":"POST","url":"http://h/parcels","headers":null,"postData":{"encoding":"base64","text":"H4sIAAAA"}}}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Read("f.har", strings.NewReader(text))
		if err != nil {
			return
		}
		r, _ := Check(c, file, Options{})
		if len(r.Scenarios) == 0 && r.Verdict != reports.Inconclusive {
			t.Errorf("nothing matched and the verdict is %s", r.Verdict)
		}
		if err := reports.JSON(&bytes.Buffer{}, r); err != nil {
			t.Error(err)
		}
	})
}
