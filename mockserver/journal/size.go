package journal

import "net/http"

// What the fixed parts of things take in memory, roughly, in bytes.
const (
	entryBytes     = 1024
	headerBytes    = 64
	violationBytes = 160
)

// size is what an entry takes without its bodies, roughly, in bytes.
func (e *Entry) size() int {
	d := &e.Decision
	n := entryBytes + len(e.URL) + len(e.Host) + len(e.Internal) + len(d.Detail) + headerSize(e.RequestHeader) + headerSize(e.ResponseHeader)
	for _, list := range [...][]string{d.Items, d.Preferences, d.Faults, d.Notes} {
		for _, s := range list {
			n += len(s) + 16
		}
	}
	for i := range d.Hard {
		n += violationBytes + len(d.Hard[i].Path) + len(d.Hard[i].Actual) + len(d.Hard[i].Expected)
	}
	for i := range d.Soft {
		n += violationBytes + len(d.Soft[i].Path) + len(d.Soft[i].Actual) + len(d.Soft[i].Expected)
	}
	return n
}

func headerSize(h http.Header) int {
	n := 0
	for name, values := range h {
		n += headerBytes + len(name)
		for _, v := range values {
			n += len(v) + 16
		}
	}
	return n
}

// bodySize is what the bodies and the changed documents take.
func (e *Entry) bodySize() int {
	n := cap(e.RequestBody) + cap(e.ResponseBody)
	for i := range e.Decision.Changes {
		// What came of a change is mostly the state itself; what was before is kept
		// for the journal alone.
		if before := e.Decision.Changes[i].Before; before != nil {
			n += len(before.Body)
		}
	}
	return n
}

// withoutBodies is the entry once its bodies had to make room.
func (e *Entry) withoutBodies() *Entry {
	rest := *e
	rest.RequestBody, rest.ResponseBody, rest.Decision.Changes = nil, nil, nil
	rest.drop()
	return &rest
}

func (e *Entry) drop() {
	e.Dropped, e.RequestCut, e.ResponseCut = true, e.RequestSize, e.ResponseSize
}
