package journal

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// place is where a shared journal is kept. The braces keep all of it together in a
// cluster. Behind it come
//
//	last, life     the number of the newest entry; the name of this journal
//	entries        hash by number: "SESSION\n" and the entry without its bodies
//	bodies         hash by number: the bodies and the changes of the state
//	of:SESSION     list of the numbers of a session, oldest first
//	used           sorted set of the sessions, by the time of their last entry
//	size           hash: bytes of entries and bodies, the newest number that made room
//	news           stream of what happened, for those who follow
const place = "rw:{journal}:"

var (
	//go:embed shared_parts.lua
	scriptParts string
	//go:embed shared_add.lua
	addScript string
	//go:embed shared_clear.lua
	clearScript string
	//go:embed shared_expire.lua
	expireScript string
)

// shared is a journal that several servers have in common.
type shared struct {
	limits  Limits
	client  *redis.Client
	readers *readers

	addTo, clearOf, expire *redis.Script

	following struct {
		sync.Mutex
		on bool
	}
}

func newShared(l Limits, client *redis.Client, r *readers) *shared {
	return &shared{limits: l, client: client, readers: r, addTo: redis.NewScript(scriptParts + addScript), clearOf: redis.NewScript(scriptParts + clearScript),
		expire: redis.NewScript(scriptParts + expireScript)}
}

func (s *shared) add(e *Entry) error {
	entry, bodies, err := e.encode()
	if err != nil {
		return err
	}
	keep := 0
	if s.limits.Keep(e.Session) {
		keep = 1
	}
	reply, err := s.addTo.Run(context.Background(), s.client, []string{place}, e.Session, entry, bodies,
		s.limits.Entries, s.limits.Bytes, s.limits.Sessions, s.limits.Idle.Milliseconds(), keep)
	if err != nil {
		return fmt.Errorf("the journal: %w", err)
	}
	id, _ := reply.(int64)
	e.ID = uint64(id)
	return nil
}

// pageSize is how many entries are asked for at once.
const pageSize = 200

func (s *shared) read(f Filter) ([]*Entry, error) {
	ids, err := s.ids(f)
	if err != nil {
		return nil, err
	}
	// The newest first: there may be enough of them.
	var found []*Entry
	for len(ids) > 0 && (f.Limit == 0 || len(found) < f.Limit) {
		from := max(0, len(ids)-pageSize)
		page, err := s.fetch(ids[from:])
		if err != nil {
			return nil, err
		}
		for _, e := range slices.Backward(page) {
			if e != nil && f.Matches(e) && (f.Limit == 0 || len(found) < f.Limit) {
				found = append(found, e)
			}
		}
		ids = ids[:from]
	}
	slices.Reverse(found)
	return found, nil
}

// ids lists the numbers that a filter may select, in order.
func (s *shared) ids(f Filter) ([]uint64, error) {
	if err := s.forgetSilent(); err != nil {
		return nil, err
	}
	command := []any{"HKEYS", place + "entries"}
	if f.Session != "" {
		command = []any{"LRANGE", place + "of:" + f.Session, 0, -1}
	}
	reply, err := s.client.Do(context.Background(), command...)
	if err != nil {
		return nil, fmt.Errorf("the journal: %w", err)
	}
	var ids []uint64
	for _, text := range redis.Texts(reply) {
		if id, err := strconv.ParseUint(text, 10, 64); err == nil && id > f.After {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, cmp.Compare)
	return ids, nil
}

// forgetSilent forgets the sessions that are silent for too long: nobody adds to them,
// but somebody may ask.
func (s *shared) forgetSilent() error {
	if _, err := s.expire.Run(context.Background(), s.client, []string{place}, s.limits.Idle.Milliseconds()); err != nil {
		return fmt.Errorf("the journal: %w", err)
	}
	return nil
}

// fetch gives entries by their numbers; nil for one that is gone.
func (s *shared) fetch(ids []uint64) ([]*Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	entries, bodies := []any{"HMGET", place + "entries"}, []any{"HMGET", place + "bodies"}
	for _, id := range ids {
		entries, bodies = append(entries, id), append(bodies, id)
	}
	var texts, raw []string
	err := s.client.With(context.Background(), func(c *redis.Conn) error {
		replies, err := c.All(context.Background(), [][]any{{"MULTI"}, entries, bodies, {"EXEC"}})
		if err != nil {
			return err
		}
		done, _ := replies[3].([]any)
		if len(done) != 2 {
			return fmt.Errorf("expected two lists, found %v", replies[3])
		}
		texts, raw = redis.Texts(done[0]), redis.Texts(done[1])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the journal: %w", err)
	}
	found := make([]*Entry, len(ids))
	for i := range min(len(ids), len(texts), len(raw)) {
		if texts[i] == "" {
			continue
		}
		if found[i], err = decodeEntry(ids[i], texts[i], raw[i]); err != nil {
			return nil, fmt.Errorf("the journal: entry %d cannot be read: %w", ids[i], err)
		}
	}
	return found, nil
}

func (s *shared) entry(id uint64) (*Entry, error) {
	found, err := s.fetch([]uint64{id})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func (s *shared) position() (p Position, err error) {
	var replies []any
	err = s.client.With(context.Background(), func(c *redis.Conn) error {
		var err error
		replies, err = c.All(context.Background(), [][]any{
			{"SET", place + "life", time.Now().UTC().Format(time.RFC3339Nano), "NX"},
			{"GET", place + "last"}, {"HGET", place + "size", "evicted"}, {"GET", place + "life"}})
		return err
	})
	if err != nil {
		return p, fmt.Errorf("the journal: %w", err)
	}
	number := func(reply any) uint64 {
		text, _ := reply.(string)
		n, _ := strconv.ParseUint(text, 10, 64)
		return n
	}
	p.Last, p.Evicted = number(replies[1]), number(replies[2])
	p.Life, _ = replies[3].(string)
	return p, nil
}

func (s *shared) clear(session string) error {
	if _, err := s.clearOf.Run(context.Background(), s.client, []string{place}, session); err != nil {
		return fmt.Errorf("the journal: %w", err)
	}
	return nil
}

func (s *shared) sessions() (map[string]int, error) {
	if err := s.forgetSilent(); err != nil {
		return nil, err
	}
	reply, err := s.client.Do(context.Background(), "ZRANGE", place+"used", 0, -1)
	if err != nil {
		return nil, fmt.Errorf("the journal: %w", err)
	}
	counts := map[string]int{}
	names := redis.Texts(reply)
	if len(names) == 0 {
		return counts, nil
	}
	commands := make([][]any, len(names))
	for i, name := range names {
		commands[i] = []any{"LLEN", place + "of:" + name}
	}
	err = s.client.With(context.Background(), func(c *redis.Conn) error {
		replies, err := c.All(context.Background(), commands)
		for i, reply := range replies {
			if n, _ := reply.(int64); n > 0 {
				counts[names[i]] = int(n)
			}
		}
		return err
	})
	return counts, err
}
