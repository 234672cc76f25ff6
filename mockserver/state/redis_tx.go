package state

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// seqField counts the documents of a space, among the counters.
const seqField = "\x00seq"

// redisTx reads from Redis and keeps what it writes until the commit.
type redisTx struct {
	ctx   context.Context
	read  commander // nil in a restore
	space string
	write bool

	docs  map[string]map[string]*Doc // written; nil is deleted
	was   map[string]map[string]*Doc // what stood there before, for the index
	moved map[string]uint64          // counters
}

func (tx *redisTx) changed() bool { return len(tx.docs) > 0 || len(tx.moved) > 0 }

func (tx *redisTx) Get(collection, key string) (*Doc, error) {
	if d, written := tx.docs[collection][key]; written {
		return d, nil
	}
	text, err := redis.Text(tx.read.Do(tx.ctx, "HGET", redisKey(tx.space, "doc:"+collection), key))
	if errors.Is(err, redis.ErrNil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return decodeDoc(text)
}

func (tx *redisTx) Has(collection string) (bool, error) {
	gone := int64(0)
	for key, d := range tx.docs[collection] {
		if d != nil {
			return true, nil
		}
		if tx.was[collection][key] != nil {
			gone++
		}
	}
	n, err := tx.read.Do(tx.ctx, "HLEN", redisKey(tx.space, "doc:"+collection))
	if err != nil {
		return false, err
	}
	stored, _ := n.(int64)
	return stored > gone, nil
}

// holder is one document under an index value.
type holder struct {
	Key    string `json:"k"`
	Seq    uint64 `json:"s"`
	Unique bool   `json:"u,omitempty"`
}

func indexField(index, value string) string { return index + "\x00" + value }

// holders gives the documents under an index value, oldest first, with what the
// transaction did.
func (tx *redisTx) holders(collection, index, value string) ([]holder, error) {
	var list []holder
	text, err := redis.Text(tx.read.Do(tx.ctx, "HGET", redisKey(tx.space, "index:"+collection), indexField(index, value)))
	if err != nil && !errors.Is(err, redis.ErrNil) {
		return nil, err
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return nil, err
		}
	}
	written := tx.docs[collection]
	list = slices.DeleteFunc(list, func(h holder) bool { _, over := written[h.Key]; return over })
	for key, d := range written {
		if d == nil {
			continue
		}
		for _, e := range d.Index {
			if e.Index == index && e.Value == value {
				list = append(list, holder{key, d.Seq, e.Unique})
			}
		}
	}
	slices.SortFunc(list, func(a, b holder) int {
		if a.Seq < b.Seq {
			return -1
		}
		return 1
	})
	return list, nil
}

func (tx *redisTx) Find(collection, index, value string) (*Doc, error) {
	list, err := tx.holders(collection, index, value)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return tx.Get(collection, list[0].Key)
}

func (tx *redisTx) FindAll(collection, index, value string) ([]*Doc, error) {
	held, err := tx.holders(collection, index, value)
	if err != nil {
		return nil, err
	}
	var list []*Doc
	for _, h := range held {
		d, err := tx.Get(collection, h.Key)
		if err != nil {
			return nil, err
		}
		if d != nil {
			list = append(list, d)
		}
	}
	return list, nil
}

func (tx *redisTx) List(collection string) ([]*Doc, error) {
	reply, err := tx.read.Do(tx.ctx, "HGETALL", redisKey(tx.space, "doc:"+collection))
	if err != nil {
		return nil, err
	}
	stored := redis.Fields(reply)
	list := make([]*Doc, 0, len(stored))
	for key, text := range stored {
		if _, over := tx.docs[collection][key]; over {
			continue
		}
		d, err := decodeDoc(text)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	for _, d := range tx.docs[collection] {
		if d != nil {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *Doc) int {
		if a.Seq < b.Seq {
			return -1
		}
		return 1
	})
	return list, nil
}

func (tx *redisTx) Put(collection string, d *Doc) error {
	if !tx.write {
		return ErrReadOnly
	}
	for _, e := range d.Index {
		if !e.Unique {
			continue
		}
		list, err := tx.holders(collection, e.Index, e.Value)
		if err != nil {
			return err
		}
		for _, h := range list {
			if h.Key != d.Key && h.Unique {
				return &Conflict{Collection: collection, Index: e.Index, Value: e.Value, Holder: h.Key}
			}
		}
	}
	before, err := tx.Get(collection, d.Key)
	if err != nil {
		return err
	}
	if before != nil {
		d.Rev, d.Seq = before.Rev+1, before.Seq
	} else {
		seq, err := tx.Next(seqField)
		if err != nil {
			return err
		}
		d.Rev, d.Seq = 1, seq
	}
	return tx.set(collection, d.Key, before, d)
}

// set notes a change; the first time, also what stood there before.
func (tx *redisTx) set(collection, key string, before, d *Doc) error {
	if tx.docs == nil {
		tx.docs, tx.was = map[string]map[string]*Doc{}, map[string]map[string]*Doc{}
	}
	if tx.docs[collection] == nil {
		tx.docs[collection], tx.was[collection] = map[string]*Doc{}, map[string]*Doc{}
	}
	if _, known := tx.was[collection][key]; !known {
		tx.was[collection][key] = before
	}
	tx.docs[collection][key] = d
	return nil
}

func (tx *redisTx) Delete(collection, key string) (bool, error) {
	if !tx.write {
		return false, ErrReadOnly
	}
	before, err := tx.Get(collection, key)
	if err != nil || before == nil {
		return false, err
	}
	return true, tx.set(collection, key, before, nil)
}

func (tx *redisTx) Next(counter string) (uint64, error) {
	if !tx.write {
		return 0, ErrReadOnly
	}
	n, known := tx.moved[counter]
	if !known {
		text, err := redis.Text(tx.read.Do(tx.ctx, "HGET", redisKey(tx.space, "counters"), counter))
		if err != nil && !errors.Is(err, redis.ErrNil) {
			return 0, err
		}
		n = parseCount(text)
	}
	if tx.moved == nil {
		tx.moved = map[string]uint64{}
	}
	tx.moved[counter] = n + 1
	return n + 1, nil
}

func (tx *redisTx) Collections() ([]string, error) {
	reply, err := tx.read.Do(tx.ctx, "SMEMBERS", redisKey(tx.space, "names"))
	if err != nil {
		return nil, err
	}
	names := redis.Texts(reply)
	for name := range tx.docs {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	filled := names[:0]
	for _, name := range names {
		docs, err := tx.List(name)
		if err != nil {
			return nil, err
		}
		if len(docs) > 0 {
			filled = append(filled, name)
		}
	}
	return filled, nil
}

// counters gives all counters, and the number of documents ever made.
func (tx *redisTx) counters() (map[string]uint64, uint64, error) {
	reply, err := tx.read.Do(tx.ctx, "HGETALL", redisKey(tx.space, "counters"))
	if err != nil {
		return nil, 0, err
	}
	all := redis.Fields(reply)
	counters := map[string]uint64{}
	for name, text := range all {
		if name != seqField {
			counters[name] = parseCount(text)
		}
	}
	return counters, parseCount(all[seqField]), nil
}

// commit queues everything that the transaction wrote. The index is computed
// before, from what was read under the same version.
func (tx *redisTx) commit(q *queue, lifetime time.Duration) error {
	names := make([]string, 0, len(tx.docs))
	for collection, docs := range tx.docs {
		names = append(names, collection)
		q.add("SADD", redisKey(tx.space, "names"), collection)
		touched := map[Entry]bool{}
		for key, d := range docs {
			for _, version := range []*Doc{tx.was[collection][key], d} {
				if version != nil {
					for _, e := range version.Index {
						touched[Entry{Index: e.Index, Value: e.Value}] = true
					}
				}
			}
			if d == nil {
				q.add("HDEL", redisKey(tx.space, "doc:"+collection), key)
				continue
			}
			text, err := json.Marshal(d)
			if err != nil {
				return err
			}
			q.add("HSET", redisKey(tx.space, "doc:"+collection), key, text)
		}
		if err := tx.commitIndex(q, collection, touched); err != nil {
			return err
		}
	}
	for name, n := range tx.moved {
		q.add("HSET", redisKey(tx.space, "counters"), name, n)
	}
	if lifetime > 0 {
		if tx.read != nil {
			// Collections that this transaction left alone must live on as well.
			all, err := tx.read.Do(tx.ctx, "SMEMBERS", redisKey(tx.space, "names"))
			if err != nil {
				return err
			}
			names = append(names, redis.Texts(all)...)
		}
		for _, key := range allKeys(tx.space, names) {
			q.add("PEXPIRE", key, lifetime.Milliseconds())
		}
	}
	return nil
}

func (tx *redisTx) commitIndex(q *queue, collection string, touched map[Entry]bool) error {
	for e := range touched {
		var list []holder
		if tx.read != nil {
			var err error
			if list, err = tx.holders(collection, e.Index, e.Value); err != nil {
				return err
			}
		} else {
			// A restore: nothing was there before.
			list = restoredHolders(tx.docs[collection], e)
		}
		if len(list) == 0 {
			q.add("HDEL", redisKey(tx.space, "index:"+collection), indexField(e.Index, e.Value))
			continue
		}
		text, err := json.Marshal(list)
		if err != nil {
			return err
		}
		q.add("HSET", redisKey(tx.space, "index:"+collection), indexField(e.Index, e.Value), text)
	}
	return nil
}

func restoredHolders(docs map[string]*Doc, e Entry) []holder {
	var list []holder
	for key, d := range docs {
		for _, have := range d.Index {
			if have.Index == e.Index && have.Value == e.Value {
				list = append(list, holder{key, d.Seq, have.Unique})
			}
		}
	}
	slices.SortFunc(list, func(a, b holder) int {
		if a.Seq < b.Seq {
			return -1
		}
		return 1
	})
	return list
}
