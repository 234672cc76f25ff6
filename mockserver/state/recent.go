package state

import "sync"

// recentDocs is for how many documents the tree is kept beside the bytes.
const recentDocs = 512

// recent keeps the trees of the documents that were stored last: what was just
// written is often read or changed next. All others are parsed when they are
// looked into, so that a large state takes the room of its bytes.
type recent struct {
	mu   sync.Mutex
	ring [recentDocs]*Doc
	at   int
}

// keep takes the documents that came with their tree.
func (r *recent) keep(changes []change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range changes {
		d := changes[i].after
		if d == nil || d.node.Load() == nil {
			continue
		}
		if old := r.ring[r.at]; old != nil {
			old.node.Store(nil)
		}
		r.ring[r.at] = d
		r.at = (r.at + 1) % recentDocs
	}
}
