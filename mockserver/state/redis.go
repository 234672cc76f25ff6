package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// Redis is a store that several servers share. Transactions are optimistic: a
// space has a version, every commit raises it, and a commit for which it was
// raised by another meanwhile is done again.
//
// The keys of a space, all with the hash tag {space} so that a cluster keeps
// them together: rw:{space}:version, :counters (a hash), :names (a set of
// collections), and for each collection :doc:NAME and :index:NAME (hashes).
type Redis struct {
	client       *redis.Client
	opts         Options
	reset, touch *redis.Script

	// turns let the writers of this server go one after the other where they would only
	// overtake each other: others at the same Redis server are few.
	turns [256]chan struct{}

	mu   sync.Mutex
	used map[string]time.Time // when this server last said that a space is in use
}

// attempts bounds how often a transaction is tried while others are faster.
const attempts = 200

// OpenRedis connects to a server; redis.Parse says what an address looks like.
func OpenRedis(address string, opts Options) (*Redis, error) {
	client, err := redis.Open(context.Background(), address)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	r := &Redis{client: client, opts: opts.withDefaults(), used: map[string]time.Time{},
		reset: redis.NewScript(resetScript), touch: redis.NewScript(touchScript)}
	for i := range r.turns {
		r.turns[i] = make(chan struct{}, 1)
	}
	return r, nil
}

// Client is the server that the store is at. What else servers have in common,
// their journal, faults and call limits, is kept there, too.
func (r *Redis) Client() *redis.Client { return r.client }

func redisKey(space, part string) string { return "rw:{" + space + "}:" + part }

// View runs fn on a state that did not change meanwhile.
func (r *Redis) View(ctx context.Context, space string, fn func(Tx) error) error {
	version := redisKey(space, "version")
	for try := range attempts {
		before, err := r.version(ctx, r.client, version)
		if err != nil {
			return err
		}
		if before == "" {
			// Nobody was here before: it has to be seeded, which is a change.
			if err := r.Update(ctx, space, func(Tx) error { return nil }); err != nil {
				return err
			}
			continue
		}
		tx := &redisTx{ctx: ctx, read: r.client, space: space}
		failed := fn(tx)
		after, err := r.version(ctx, r.client, version)
		if err != nil {
			return err
		}
		if before == after {
			if failed == nil {
				failed = r.inUse(ctx, space, false)
			}
			return failed
		}
		if err := backOff(ctx, try); err != nil {
			return err
		}
	}
	return fmt.Errorf("the state of %s changed faster than it could be read", space)
}

func (r *Redis) version(ctx context.Context, c commander, key string) (string, error) {
	v, err := redis.Text(c.Do(ctx, "GET", key))
	if errors.Is(err, redis.ErrNil) {
		return "", nil
	}
	return v, err
}

// commander runs a command: a pool, or the one connection of a transaction.
type commander interface {
	Do(ctx context.Context, command ...any) (any, error)
}

// errOvertaken is a transaction that another one was faster than.
var errOvertaken = errors.New("another transaction was faster")

// queue is the list of commands that a commit is made of.
type queue struct{ commands [][]any }

func (q *queue) add(command ...any) { q.commands = append(q.commands, command) }

// commit runs the commands as one, errOvertaken if a watched key was changed.
func (q *queue) commit(ctx context.Context, c *redis.Conn) error {
	all := append([][]any{{"MULTI"}}, q.commands...)
	replies, err := c.All(ctx, append(all, []any{"EXEC"}))
	if err != nil {
		return err
	}
	for _, reply := range replies[:len(replies)-1] {
		if failed, is := reply.(redis.ServerError); is {
			return failed
		}
	}
	switch done := replies[len(replies)-1].(type) {
	case nil:
		return errOvertaken
	case redis.ServerError:
		return done
	case []any:
		for _, reply := range done {
			if failed, is := reply.(redis.ServerError); is {
				return failed
			}
		}
	}
	return nil
}

// Update runs fn until no other caller was faster.
func (r *Redis) Update(ctx context.Context, space string, fn func(Tx) error) error {
	begun := false
	err := r.watched(ctx, space, func(c *redis.Conn) (committed bool, err error) {
		begun, committed, err = r.update(ctx, c, space, fn)
		return committed, err
	})
	if err == nil && begun {
		// What is committed is committed: whether others make room for it is no matter of
		// the caller's.
		_ = r.inUse(ctx, space, true)
	}
	return err
}

// watched runs fn, on a connection that watches the version of the space, until no
// other caller was faster. committed tells that nothing is watched any more.
func (r *Redis) watched(ctx context.Context, space string, fn func(c *redis.Conn) (committed bool, err error)) error {
	h := fnv.New32a()
	_, _ = h.Write([]byte(space))
	turn := r.turns[h.Sum32()%uint32(len(r.turns))]
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for try := range attempts {
		err := r.client.With(ctx, func(c *redis.Conn) error {
			if _, err := c.Do(ctx, "WATCH", redisKey(space, "version")); err != nil {
				return err
			}
			committed, err := fn(c)
			if !committed && !c.Broken() {
				// The connection is for others next, who watch other keys.
				_, _ = c.Do(ctx, "UNWATCH")
			}
			return err
		})
		if !errors.Is(err, errOvertaken) {
			return err
		}
		if err := backOff(ctx, try); err != nil {
			return err
		}
	}
	return fmt.Errorf("the state of %s changed faster than it could be updated", space)
}

// update runs fn once, and commits unless the version changed meanwhile.
// begun tells that the space came into being.
func (r *Redis) update(ctx context.Context, c *redis.Conn, space string, fn func(Tx) error) (begun, committed bool, err error) {
	version := redisKey(space, "version")
	before, err := r.version(ctx, c, version)
	if err != nil {
		return false, false, err
	}
	tx := &redisTx{ctx: ctx, read: c, space: space, write: true}
	if before == "" {
		if err := r.opts.Seed(space, tx); err != nil {
			return false, false, err
		}
	}
	if err := fn(tx); err != nil {
		// A read that another caller's commit tore apart may be the reason.
		if now, changed := r.version(ctx, c, version); changed == nil && now != before {
			return false, false, errOvertaken
		}
		return false, false, err
	}
	if before != "" && !tx.changed() {
		return false, false, nil
	}
	step := int64(1)
	if before == "" {
		// A space that was reset must not count through old versions.
		step += rand.Int64N(1 << 40)
	}
	q := &queue{}
	q.add("INCRBY", version, step)
	if err := tx.commit(q, r.lifetime(space)); err != nil {
		return false, false, err
	}
	return before == "", true, q.commit(ctx, c)
}

// backOff waits a little, at random, so that those who compete do not meet again.
func backOff(ctx context.Context, try int) error {
	wait := time.Duration(rand.Int64N(int64(min(try+1, 20)) * int64(time.Millisecond)))
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func allKeys(space string, collections []string) []string {
	keys := []string{redisKey(space, "version"), redisKey(space, "counters"), redisKey(space, "names")}
	for _, name := range collections {
		keys = append(keys, redisKey(space, "doc:"+name), redisKey(space, "index:"+name))
	}
	return keys
}

// Snapshot reads the whole space.
func (r *Redis) Snapshot(ctx context.Context, space string) (*Image, error) {
	im := &Image{Collections: map[string][]*Doc{}}
	err := r.View(ctx, space, func(tx Tx) error {
		clear(im.Collections)
		names, err := tx.Collections()
		if err != nil {
			return err
		}
		for _, name := range names {
			if im.Collections[name], err = tx.List(name); err != nil {
				return err
			}
		}
		im.Counters, im.Seq, err = tx.(*redisTx).counters()
		return err
	})
	return im, err
}

// Restore puts an image in the place of the space, at once.
func (r *Redis) Restore(ctx context.Context, space string, image *Image) error {
	return r.watched(ctx, space, func(c *redis.Conn) (bool, error) { return r.restore(ctx, c, space, image) })
}

func (r *Redis) restore(ctx context.Context, c *redis.Conn, space string, image *Image) (committed bool, err error) {
	before, err := c.Do(ctx, "SMEMBERS", redisKey(space, "names"))
	if err != nil {
		return false, err
	}
	q := &queue{}
	drop := []any{"DEL"}
	for _, key := range allKeys(space, redis.Texts(before)) {
		drop = append(drop, key)
	}
	q.add(drop...)
	// A space that was reset must not count through old versions.
	q.add("INCRBY", redisKey(space, "version"), 1+rand.Int64N(1<<40))
	seq := image.Seq
	tx := &redisTx{ctx: ctx, space: space, write: true, docs: map[string]map[string]*Doc{}}
	for name, docs := range image.Collections {
		tx.docs[name] = map[string]*Doc{}
		for _, d := range docs {
			if d != nil {
				tx.docs[name][d.Key] = d
				seq = max(seq, d.Seq)
			}
		}
	}
	for name, n := range image.Counters {
		q.add("HSET", redisKey(space, "counters"), name, n)
	}
	q.add("HSET", redisKey(space, "counters"), seqField, seq)
	if err := tx.commit(q, r.lifetime(space)); err != nil {
		return false, err
	}
	return true, q.commit(ctx, c)
}

// Spaces lists the spaces by their version keys.
func (r *Redis) Spaces(ctx context.Context) ([]string, error) {
	names := []string{}
	for cursor := "0"; ; {
		reply, err := r.client.Do(ctx, "SCAN", cursor, "MATCH", "rw:{*}:version", "COUNT", 1000)
		if err != nil {
			return nil, err
		}
		page, _ := reply.([]any)
		if len(page) != 2 {
			return nil, fmt.Errorf("redis: expected a cursor and keys for SCAN, found %d values", len(page))
		}
		for _, key := range redis.Texts(page[1]) {
			name := strings.TrimSuffix(strings.TrimPrefix(key, "rw:{"), "}:version")
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if cursor, _ = page[0].(string); cursor == "0" || cursor == "" {
			slices.Sort(names)
			return names, nil
		}
	}
}

// Close ends the connections.
func (r *Redis) Close() error { return r.client.Close() }

func decodeDoc(text string) (*Doc, error) {
	d := &Doc{}
	if err := json.Unmarshal([]byte(text), d); err != nil {
		return nil, fmt.Errorf("a document in Redis cannot be read: %w", err)
	}
	return d, nil
}

func parseCount(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}
