package har

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
)

// tail closes the archive; every entry is written over it.
const tail = "\n]}}\n"

// Writer writes an archive to a file that is whole after every entry, also when the
// process ends in between. One goroutine at a time.
type Writer struct {
	file *os.File
	at   int64
	n    int
}

// Create makes the file, or empties it. Only its owner may read it: a recording may
// hold what people sent.
func Create(path, version string) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create the recording: %w", err)
	}
	creator, _ := json.Marshal(map[string]string{"name": "roadworthy", "version": version})
	head := `{"log":{"version":"1.2","creator":` + string(creator) + `,"entries":[`
	w := &Writer{file: f, at: int64(len(head))}
	if _, err := f.WriteString(head + tail); err != nil {
		f.Close()
		return nil, fmt.Errorf("write the recording: %w", err)
	}
	return w, nil
}

// Write adds an exchange, with secrets masked.
func (w *Writer) Write(x *traffic.Exchange, m *mask.Masker) error {
	var b bytes.Buffer
	if w.n > 0 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(entryOf(x, m)); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	b.Truncate(b.Len() - 1)
	size := b.Len()
	b.WriteString(tail)
	if _, err := w.file.WriteAt(b.Bytes(), w.at); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	w.at += int64(size)
	w.n++
	return nil
}

// Close closes the file.
func (w *Writer) Close() error { return w.file.Close() }

type object = map[string]any

func entryOf(x *traffic.Exchange, m *mask.Masker) object {
	ms := float64(x.Took.Microseconds()) / 1000
	proto := x.Proto
	if proto == "" {
		proto = "HTTP/1.1"
	}
	request := object{"method": x.Method, "url": m.URL(x.URL), "httpVersion": proto, "cookies": []any{}, "headers": pairs(m.Header(x.Request.Header)),
		"queryString": query(x, m), "headersSize": -1, "bodySize": size(x.Request)}
	if len(x.Request.Body) > 0 {
		request["postData"] = object{"mimeType": x.Request.Header.Get("Content-Type"), "text": m.Whole(x.Request.Body)}
	}
	content := object{"size": max(size(x.Response), 0), "mimeType": x.Response.Header.Get("Content-Type")}
	if !x.Response.Unread {
		content["text"] = m.Whole(x.Response.Body)
	}
	response := object{"status": x.Status, "statusText": "", "httpVersion": proto, "cookies": []any{}, "headers": pairs(m.Header(x.Response.Header)),
		"content": content, "redirectURL": x.Response.Header.Get("Location"), "headersSize": -1, "bodySize": size(x.Response)}
	if x.Failure != "" {
		response["_error"] = m.Text(x.Failure)
	}
	return object{"startedDateTime": x.Started.UTC().Format(time.RFC3339Nano), "time": ms, "request": request, "response": response,
		"cache": object{}, "timings": object{"send": 0, "wait": ms, "receive": 0}}
}

func size(m traffic.Message) int {
	if m.Unread {
		return -1
	}
	return len(m.Body)
}

func pairs(h map[string][]string) []object {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	out := []object{}
	for _, name := range names {
		for _, v := range h[name] {
			out = append(out, object{"name": name, "value": v})
		}
	}
	return out
}

func query(x *traffic.Exchange, m *mask.Masker) []object {
	values := map[string][]string{}
	for name, all := range x.URL.Query() {
		for _, v := range all {
			if m.SecretQuery(name) {
				v = mask.Masked
			}
			values[name] = append(values[name], m.Text(v))
		}
	}
	return pairs(values)
}
