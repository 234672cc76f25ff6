package state

import "slices"

// change is one step of a transaction: the document before and after, nil where
// there was or is none.
type change struct {
	collection, key string
	before, after   *Doc
}

// memoryTx works on the space itself, which its caller holds locked, and
// remembers how to undo what it did.
type memoryTx struct {
	space    *space
	write    bool
	changes  []change
	counters map[string]uint64 // values before
}

func (tx *memoryTx) Get(collection, key string) (*Doc, error) {
	if c := tx.space.collections[collection]; c != nil {
		return c.docs[key], nil
	}
	return nil, nil
}

func (tx *memoryTx) Has(collection string) (bool, error) {
	c := tx.space.collections[collection]
	return c != nil && len(c.docs) > 0, nil
}

func (tx *memoryTx) Find(collection, index, value string) (*Doc, error) {
	if c := tx.space.collections[collection]; c != nil {
		if found := c.index[Entry{Index: index, Value: value}]; len(found) > 0 {
			return found[0], nil
		}
	}
	return nil, nil
}

func (tx *memoryTx) FindAll(collection, index, value string) ([]*Doc, error) {
	if c := tx.space.collections[collection]; c != nil {
		return c.index[Entry{Index: index, Value: value}], nil
	}
	return nil, nil
}

func (tx *memoryTx) List(collection string) ([]*Doc, error) {
	if c := tx.space.collections[collection]; c != nil {
		return c.list(), nil
	}
	return nil, nil
}

func (tx *memoryTx) Put(collection string, d *Doc) error {
	if !tx.write {
		return ErrReadOnly
	}
	c := tx.space.collection(collection)
	if err := c.conflict(collection, d); err != nil {
		return err
	}
	before := c.docs[d.Key]
	if before != nil {
		d.Rev, d.Seq = before.Rev+1, before.Seq
	} else {
		tx.space.seq++
		d.Rev, d.Seq = 1, tx.space.seq
	}
	c.set(d.Key, d)
	tx.changes = append(tx.changes, change{collection, d.Key, before, d})
	return nil
}

func (tx *memoryTx) Delete(collection, key string) (bool, error) {
	if !tx.write {
		return false, ErrReadOnly
	}
	c := tx.space.collections[collection]
	if c == nil || c.docs[key] == nil {
		return false, nil
	}
	tx.changes = append(tx.changes, change{collection, key, c.docs[key], nil})
	c.set(key, nil)
	return true, nil
}

func (tx *memoryTx) Next(counter string) (uint64, error) {
	if !tx.write {
		return 0, ErrReadOnly
	}
	if tx.counters == nil {
		tx.counters = map[string]uint64{}
	}
	if _, seen := tx.counters[counter]; !seen {
		tx.counters[counter] = tx.space.counters[counter]
	}
	tx.space.counters[counter]++
	return tx.space.counters[counter], nil
}

func (tx *memoryTx) Collections() ([]string, error) {
	var names []string
	for name, c := range tx.space.collections {
		if len(c.docs) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// undo takes everything back, last change first.
func (tx *memoryTx) undo() {
	for i := len(tx.changes) - 1; i >= 0; i-- {
		ch := tx.changes[i]
		tx.space.collection(ch.collection).set(ch.key, ch.before)
	}
	for name, before := range tx.counters {
		tx.space.counters[name] = before
	}
	tx.changes, tx.counters = nil, nil
}

// counted gives the counters that the transaction moved, with their new values.
func (tx *memoryTx) counted() map[string]uint64 {
	if len(tx.counters) == 0 {
		return nil
	}
	now := make(map[string]uint64, len(tx.counters))
	for name := range tx.counters {
		now[name] = tx.space.counters[name]
	}
	return now
}
