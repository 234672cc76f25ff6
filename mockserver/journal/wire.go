package journal

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
)

// encode writes an entry for others: the entry itself, and what is large of it apart,
// both without secrets. bodies is "" when there is nothing large.
func (e *Entry) encode() (entry, bodies []byte, err error) {
	e = e.withoutSecrets()
	rest := *e
	rest.RequestBody, rest.ResponseBody, rest.Decision.Changes = nil, nil, nil
	if entry, err = json.Marshal(&rest); err != nil {
		return nil, nil, err
	}
	if len(e.RequestBody) == 0 && len(e.ResponseBody) == 0 && len(e.Decision.Changes) == 0 {
		return entry, nil, nil
	}
	// Two lengths, two bodies as they are, the changes.
	bodies = binary.AppendUvarint(nil, uint64(len(e.RequestBody)))
	bodies = binary.AppendUvarint(bodies, uint64(len(e.ResponseBody)))
	bodies = append(append(bodies, e.RequestBody...), e.ResponseBody...)
	changes, err := json.Marshal(e.Decision.Changes)
	return entry, append(bodies, changes...), err
}

var errTorn = errors.New("it is not what was written")

// decodeEntry reads what encode wrote, behind the name of the session and a newline.
// Without its bodies an entry that had some is one whose bodies were dropped.
func decodeEntry(id uint64, text, bodies string) (*Entry, error) {
	_, entry, found := strings.Cut(text, "\n")
	if !found {
		return nil, errTorn
	}
	e := &Entry{}
	if err := json.Unmarshal([]byte(entry), e); err != nil {
		return nil, err
	}
	e.ID = id
	if bodies == "" {
		if e.RequestSize > 0 || e.ResponseSize > 0 {
			e.drop()
		}
		return e, nil
	}
	rest := []byte(bodies)
	var sizes [2]uint64
	for i := range sizes {
		n, used := binary.Uvarint(rest)
		if used <= 0 {
			return nil, errTorn
		}
		sizes[i], rest = n, rest[used:]
	}
	if total := uint64(len(rest)); sizes[0] > total || sizes[1] > total-sizes[0] {
		return nil, errTorn
	}
	e.RequestBody, rest = rest[:sizes[0]:sizes[0]], rest[sizes[0]:]
	e.ResponseBody, rest = rest[:sizes[1]:sizes[1]], rest[sizes[1]:]
	var changes []behaviour.Change
	if err := json.Unmarshal(rest, &changes); err != nil {
		return nil, err
	}
	e.Decision.Changes = changes
	return e, nil
}
