package mockserver_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// documentsFolder names a folder with other OpenAPI documents than those of the
// tests, and documentsCount how many of them are asked, spread over all sizes.
const (
	documentsFolder = "ROADWORTHY_DOCUMENTS"
	documentsCount  = "ROADWORTHY_DOCUMENTS_COUNT"
)

// surveyed is what came of one document.
type surveyed struct {
	file       string
	bytes      int64
	open, all  time.Duration
	peak       uint64 // bytes of heap above what was there before
	failed     string // why it could not be opened or served
	operations int
	answered   int // with something that its own schema accepts
	succeeded  int // of these, with a status of success
	rest       []string
}

// Every document that can be opened answers every operation with something that
// its own schema accepts.
func TestBareDocumentsAnswerEveryOperation(t *testing.T) {
	folder, least := os.Getenv(documentsFolder), 0.99
	if folder == "" {
		folder, least = "testdata/documents", 1
	}
	files := documents(t, folder)
	loaded, operations, answered, succeeded, whole := 0, 0, 0, 0, 0
	for _, file := range files {
		s := survey(file)
		if s.failed != "" {
			t.Logf("FAILED %s (%d bytes): %s", s.file, s.bytes, s.failed)
			continue
		}
		loaded++
		operations, answered, succeeded = operations+s.operations, answered+s.answered, succeeded+s.succeeded
		if s.answered == s.operations {
			whole++
		}
		t.Logf("%-60s %9d bytes, open %6d ms, all %6d ms, peak %5.1f x, %d of %d operations answered, %d with success", s.file, s.bytes,
			s.open.Milliseconds(), s.all.Milliseconds(), float64(s.peak)/float64(s.bytes), s.answered, s.operations, s.succeeded)
		for _, r := range s.rest {
			t.Logf("  REST %s: %s", s.file, r)
		}
	}
	t.Logf("%d documents, %d opened, %d answer every operation; %d operations, %d answered as described, %d with success",
		len(files), loaded, whole, operations, answered, succeeded)
	if len(files) == 0 || float64(whole) < least*float64(len(files)) {
		t.Errorf("%d of %d documents answer every operation, expected %.0f %%", whole, len(files), least*100)
	}
}

// documents lists OpenAPI documents below a folder, evenly over their sizes.
func documents(t *testing.T, folder string) []string {
	t.Helper()
	type found struct {
		name string
		size int64
	}
	var all []found
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if ext := filepath.Ext(name); ext == ".json" || ext == ".yaml" || ext == ".yml" {
			if filepath.Base(filepath.Dir(name)) != "parts" {
				all = append(all, found{name, info.Size()})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].size < all[j].size || all[i].size == all[j].size && all[i].name < all[j].name
	})
	count := 500
	if n, err := strconv.Atoi(os.Getenv(documentsCount)); err == nil && n > 0 {
		count = n
	}
	count = min(count, len(all))
	var names []string
	for i := range count {
		names = append(names, all[i*len(all)/count].name)
	}
	return names
}

// survey opens a document and asks every operation once. It gives up after a
// time that grows with the size.
func survey(file string) surveyed {
	info, err := os.Stat(file)
	if err != nil {
		return surveyed{file: file, failed: err.Error()}
	}
	done := make(chan surveyed, 1)
	deadline := time.Minute + time.Duration(info.Size()>>20)*10*time.Second // on a machine that does other things too
	go func() {
		s := surveyed{file: filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file), bytes: info.Size()}
		defer func() {
			if p := recover(); p != nil {
				s.failed = fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
			}
			done <- s
		}()
		s.ask(file)
	}()
	select {
	case s := <-done:
		return s
	case <-time.After(deadline):
		buf := make([]byte, 1<<20)
		return surveyed{file: file, bytes: info.Size(), failed: fmt.Sprintf("not done after %s\n%s", deadline, buf[:runtime.Stack(buf, true)])}
	}
}

func (s *surveyed) ask(file string) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	c, err := specs.Open(file)
	if err != nil {
		s.failed = err.Error()
		return
	}
	server, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{AuthOff: true, NoAdmin: true})
	if err != nil {
		s.failed = err.Error()
		return
	}
	defer server.Close()
	s.operations = len(c.Operations)
	for i, op := range c.Operations {
		r := requestOf(op)
		// What one operation removes is there for the next.
		r.Header.Set("Mock-Session", "s"+strconv.Itoa(i))
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if i == 0 {
			s.open = time.Since(begin)
			runtime.GC()
			runtime.ReadMemStats(&after)
			s.peak = max(after.HeapAlloc, before.HeapAlloc) - before.HeapAlloc
		}
		if why := misfit(op, w); why != "" {
			s.rest = append(s.rest, fmt.Sprintf("%s (%s %s): %d: %s", op.ID, op.Method, r.URL.RequestURI(), w.Code, why))
			continue
		}
		s.answered++
		if w.Code < 300 {
			s.succeeded++
		}
	}
	s.all = time.Since(begin)
}

// requestOf makes a valid request out of what the contract says alone.
func requestOf(op *specs.Operation) *http.Request {
	path := op.Contract().BasePath + op.Path
	query, header := url.Values{}, http.Header{}
	maps.Copy(query, op.Told())
	for _, p := range op.Params {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(p.Example))
		case p.In == "query" && p.Required:
			maps.Copy(query, p.Sent())
		case p.In == "header" && p.Required:
			header.Set(p.Name, p.Example)
		case p.In == "cookie" && p.Required:
			header.Add("Cookie", p.Name+"="+p.Example)
		}
	}
	body, mediaType := bodyOf(op)
	target := path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	r := httptest.NewRequest(op.Method, "http://mock.example/", bytes.NewReader(body))
	if u, err := url.Parse("http://mock.example" + target); err == nil {
		r.URL = u
		r.RequestURI = target
	}
	maps.Copy(r.Header, header)
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	return r
}

// bodyOf gives a documented body, else one that is made from the schema.
func bodyOf(op *specs.Operation) ([]byte, string) {
	if op.RequestBody == nil {
		return nil, ""
	}
	for _, e := range op.Examples() {
		if e.Request != nil && len(e.Request.Body) > 0 && (e.Request.Valid == nil || *e.Request.Valid) {
			return e.Request.Body, e.Request.MediaType
		}
	}
	for _, m := range op.RequestBody.Media {
		if body, mediaType, ok := m.SampleBody(1); ok {
			return body, mediaType
		}
	}
	return nil, ""
}

// misfit says in what an answer is not as its operation describes it; "" if it is.
func misfit(op *specs.Operation, w *httptest.ResponseRecorder) string {
	said := w.Body.String()
	if len(said) > 300 {
		said = said[:300]
	}
	described := op.Response(w.Code)
	if described == nil {
		if w.Code == http.StatusOK && !slices.ContainsFunc(op.Responses, func(r *specs.Response) bool { return r.Status[0] == '2' }) {
			return "" // no success is described, so any will do
		}
		return "the status is not described: " + said
	}
	mediaType := w.Header().Get("Content-Type")
	if described.Body == nil || len(described.Body.Media) == 0 {
		if w.Body.Len() > 0 && w.Code < 300 {
			return "a body where none is described: " + said
		}
		return ""
	}
	if w.Body.Len() == 0 && (w.Code == http.StatusNoContent || op.Method == http.MethodHead) {
		return "" // there is no place for a body
	}
	m := described.Body.For(mediaType)
	if m == nil {
		return "media type " + mediaType + " is not described: " + said
	}
	_, found := m.Judge(w.Body.Bytes(), "")
	if hard := schema.Hard(found); len(hard) > 0 {
		return hard[0].Message() + " (" + string(hard[0].Schema) + "): " + said
	}
	return ""
}
