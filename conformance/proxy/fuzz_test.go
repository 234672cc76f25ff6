package proxy

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"testing"
)

// FuzzCoding takes content codings off whatever passes: the body or a reason, and never
// more than is allowed.
//
//fuzz:wire
func FuzzCoding(f *testing.F) {
	const most = 1 << 16
	for coding, writer := range map[string]func(w io.Writer) io.WriteCloser{
		"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	} {
		for _, plain := range []string{"{}", string(make([]byte, 2*most))} {
			var packed bytes.Buffer
			w := writer(&packed)
			_, _ = io.WriteString(w, plain)
			_ = w.Close()
			f.Add(packed.Bytes(), coding)
			f.Add(packed.Bytes()[:packed.Len()-3], coding)
		}
	}
	f.Add([]byte("{}"), "")
	f.Add([]byte{3, 0}, "deflate")
	f.Fuzz(func(t *testing.T, body []byte, coding string) {
		if len(body) > most {
			return
		}
		plain, why := decoded(body, http.Header{"Content-Encoding": {coding}}, most)
		if len(plain) > most || why != "" && plain != nil {
			t.Errorf("%d bytes became %d, and why is %q", len(body), len(plain), why)
		}
	})
}
