package reports

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"sync"
)

// Shelf keeps exchanges packed while a run goes on: they are most of a report and
// much alike, so that together they take about a tenth of their room. The zero
// value is ready to use, also by several at once.
type Shelf struct {
	mu      sync.Mutex
	open    bytes.Buffer // exchanges that are not packed yet
	starts  []int        // where each of them begins
	parcels []parcel
	zip     *flate.Writer
	looked  []unpacked // the parcels that were looked at last
}

type parcel struct {
	packed []byte
	starts []int
}

type unpacked struct {
	parcel int
	text   []byte
}

const (
	parcelSize = 256 << 10 // what is packed together, in bytes
	lookedAt   = 4         // parcels that stay unpacked: who reads goes from one exchange to the next
)

// shelved is where on a shelf an exchange lies.
type shelved struct {
	shelf        *Shelf
	parcel, item int32
}

// Put takes an exchange and gives what stands for it: [Exchange.Open] gives it back,
// and so do all renderers. What is no UTF-8 becomes U+FFFD, as in report.json.
func (s *Shelf) Put(x Exchange) Exchange {
	if x.Empty() || x.at.shelf != nil {
		return x
	}
	text, err := x.MarshalJSON()
	if err != nil {
		return x
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := shelved{s, int32(len(s.parcels)), int32(len(s.starts))}
	s.starts = append(s.starts, s.open.Len())
	s.open.Write(text)
	if s.open.Len() >= parcelSize {
		s.pack()
	}
	return Exchange{at: at}
}

func (s *Shelf) pack() {
	var out bytes.Buffer
	if s.zip == nil {
		s.zip, _ = flate.NewWriter(&out, flate.BestSpeed) // the level is a valid one
	} else {
		s.zip.Reset(&out)
	}
	// A buffer takes whatever is written.
	_, _ = s.zip.Write(s.open.Bytes())
	_ = s.zip.Close()
	s.parcels = append(s.parcels, parcel{bytes.Clone(out.Bytes()), s.starts})
	s.open.Reset()
	s.starts = nil
}

// Empty reports that nothing was sent.
func (x Exchange) Empty() bool { return x.at.shelf == nil && x.Request.URL == "" }

// Open gives an exchange that lies on a shelf; any other is given as it is.
func (x Exchange) Open() Exchange {
	if x.at.shelf == nil {
		return x
	}
	text := x.at.shelf.text(x.at)
	var opened struct {
		Request  Request
		Response Response
	}
	if err := json.Unmarshal(text, &opened); err != nil {
		return Exchange{}
	}
	return Exchange{Request: opened.Request, Response: opened.Response}
}

func (s *Shelf) text(at shelved) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, starts := s.open.Bytes(), s.starts
	if int(at.parcel) < len(s.parcels) {
		all, starts = s.unpack(int(at.parcel)), s.parcels[at.parcel].starts
	}
	from, to := starts[at.item], len(all)
	if int(at.item)+1 < len(starts) {
		to = starts[at.item+1]
	}
	return bytes.Clone(all[from:to])
}

func (s *Shelf) unpack(number int) []byte {
	for _, u := range s.looked {
		if u.parcel == number {
			return u.text
		}
	}
	// It was packed here: it unpacks.
	text, _ := io.ReadAll(flate.NewReader(bytes.NewReader(s.parcels[number].packed)))
	if len(s.looked) == lookedAt {
		s.looked = append(s.looked[:0], s.looked[1:]...)
	}
	s.looked = append(s.looked, unpacked{number, text})
	return text
}

// MarshalJSON writes an exchange wherever it lies.
func (x Exchange) MarshalJSON() ([]byte, error) {
	if x.at.shelf != nil {
		return x.at.shelf.text(x.at), nil
	}
	type plain struct {
		Request  Request  `json:"request"`
		Response Response `json:"response"`
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // the caller's encoder escapes if it must
	err := enc.Encode(plain{x.Request, x.Response})
	return bytes.TrimRight(out.Bytes(), "\n"), err
}
