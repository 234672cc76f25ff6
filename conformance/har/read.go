package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/traffic"
)

// What an archive may hold at most.
const (
	maxFile    = 256 << 20
	maxEntries = 200_000
	maxDepth   = 512 // an archive is 8 deep; browsers add stack traces
	maxBody    = 32 << 20
	maxBroken  = 20 // entries that are named
)

// File is an archive that was read.
type File struct {
	Exchanges []*traffic.Exchange
	// Broken names entries that could not be read, with file and line.
	Broken []string
	// BrokenCount may be more than are named.
	BrokenCount int
}

// Read reads an archive. name is what places are called by, "traffic.har:12". The
// error says that this is no archive at all.
func Read(name string, in io.Reader) (*File, error) {
	raw, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d MB: split it", name, maxFile>>20)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if at, deep := deeper(raw, maxDepth); deep {
		return nil, fmt.Errorf("%s:%d: this is no HTTP archive: it is nested more than %d deep", name, 1+bytes.Count(raw[:at], []byte("\n")), maxDepth)
	}
	r := &reader{name: name, raw: raw, line: 1, decoder: json.NewDecoder(bytes.NewReader(raw)), file: &File{}}
	if err := r.archive(); err != nil {
		return nil, fmt.Errorf("%s:%d: this is no HTTP archive: %w", name, r.lineAt(r.decoder.InputOffset()), plain(err))
	}
	return r.file, nil
}

func plain(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle")
	}
	return err
}

type reader struct {
	name    string
	raw     []byte
	decoder *json.Decoder
	file    *File
	line    int // of counted
	counted int64
}

// lineAt gives the line of an offset; offsets only grow.
func (r *reader) lineAt(offset int64) int {
	offset = min(offset, int64(len(r.raw)))
	if offset > r.counted {
		r.line += bytes.Count(r.raw[r.counted:offset], []byte("\n"))
		r.counted = offset
	}
	return r.line
}

// archive reads {"log": {"entries": […]}} and passes over all else.
func (r *reader) archive() error {
	found := false
	err := r.object("an object with \"log\"", func(key string) (bool, error) {
		if key != "log" {
			return false, nil
		}
		return true, r.object("an object with \"entries\"", func(key string) (bool, error) {
			if key != "entries" {
				return false, nil
			}
			found = true
			return true, r.entries()
		})
	})
	if err == nil && !found {
		return errors.New(`it has no "log" with "entries"`)
	}
	return err
}

// object calls each for every key; one that is not taken is passed over.
func (r *reader) object(what string, each func(key string) (taken bool, err error)) error {
	token, err := r.decoder.Token()
	if err != nil {
		return err
	}
	if token != json.Delim('{') {
		return fmt.Errorf("expected %s, found %.40v", what, token)
	}
	for r.decoder.More() {
		key, err := r.decoder.Token()
		if err != nil {
			return err
		}
		taken, err := each(fmt.Sprint(key))
		if err == nil && !taken {
			var skip json.RawMessage
			err = r.decoder.Decode(&skip)
		}
		if err != nil {
			return err
		}
	}
	_, err = r.decoder.Token()
	return err
}

func (r *reader) entries() error {
	token, err := r.decoder.Token()
	if err != nil {
		return err
	}
	if token != json.Delim('[') {
		return fmt.Errorf(`"entries" must be a list, found %.40v`, token)
	}
	for n := 1; r.decoder.More(); n++ {
		if n > maxEntries {
			return fmt.Errorf("it has more than %d entries: split it", maxEntries)
		}
		var one json.RawMessage
		if err := r.decoder.Decode(&one); err != nil {
			return err
		}
		line := r.lineAt(r.decoder.InputOffset() - int64(len(one)))
		x, err := entry(one)
		if err != nil {
			if r.file.BrokenCount++; len(r.file.Broken) < maxBroken {
				r.file.Broken = append(r.file.Broken, fmt.Sprintf("%s:%d: entry %d: %v", r.name, line, n, err))
			}
			continue
		}
		x.Number, x.Source = n, fmt.Sprintf("%s:%d", r.name, line)
		r.file.Exchanges = append(r.file.Exchanges, x)
	}
	_, err = r.decoder.Token()
	return err
}

// entry reads one entry of the list.
func entry(raw []byte) (*traffic.Exchange, error) {
	var e rawEntry
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if e.Request == nil || e.Request.Method == "" || e.Request.URL == "" {
		return nil, errors.New("expected a request with method and url, found none")
	}
	u, err := url.Parse(string(e.Request.URL))
	if err != nil {
		return nil, fmt.Errorf("expected a URL, found %.80q", e.Request.URL)
	}
	u.Fragment, u.RawFragment = "", ""
	x := &traffic.Exchange{Method: strings.ToUpper(string(e.Request.Method)), URL: u, Proto: string(e.Request.HTTPVersion)}
	x.Started, _ = time.Parse(time.RFC3339Nano, string(e.Started))
	if e.Time > 0 && e.Time < 1e9 {
		x.Took = time.Duration(float64(e.Time) * float64(time.Millisecond))
	}
	if err := message(&x.Request, e.Request, e.Request.PostData, x.Method); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if e.Response == nil || e.Response.Status < 100 || e.Response.Status > 999 {
		x.Failure = "the recording has no response"
		if e.Response != nil && e.Response.Error != "" {
			x.Failure = string(e.Response.Error)
		}
		return x, nil
	}
	x.Status = int(e.Response.Status)
	content := e.Response.Content
	if content == nil {
		content = &rawContent{Size: -1}
	}
	if err := message(&x.Response, e.Response, content, ""); err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	return x, nil
}
