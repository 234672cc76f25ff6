package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a store that several servers share. Transactions are optimistic: a
// space has a version, every commit raises it, and a commit for which it was
// raised by another meanwhile is done again.
//
// The keys of a space, all with the hash tag {space} so that a cluster keeps
// them together: rw:{space}:version, :counters (a hash), :names (a set of
// collections), and for each collection :doc:NAME and :index:NAME (hashes).
type Redis struct {
	client redis.UniversalClient
	opts   Options
}

// attempts bounds how often a transaction is tried while others are faster.
const attempts = 200

// OpenRedis connects to redis://[USER:PASSWORD@]HOST:PORT/DB.
func OpenRedis(url string, opts Options) (*Redis, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	r := &Redis{client: redis.NewClient(o), opts: opts.withDefaults()}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := r.client.Ping(ctx).Err(); err != nil {
		_ = r.client.Close()
		return nil, fmt.Errorf("store: %s does not answer: %w", o.Addr, err)
	}
	return r, nil
}

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
			return failed
		}
		if err := backOff(ctx, try); err != nil {
			return err
		}
	}
	return fmt.Errorf("the state of %s changed faster than it could be read", space)
}

func (r *Redis) version(ctx context.Context, c redis.Cmdable, key string) (string, error) {
	v, err := c.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return v, err
}

// Update runs fn until no other caller was faster.
func (r *Redis) Update(ctx context.Context, space string, fn func(Tx) error) error {
	version := redisKey(space, "version")
	for try := range attempts {
		err := r.client.Watch(ctx, func(w *redis.Tx) error {
			before, err := r.version(ctx, w, version)
			if err != nil {
				return err
			}
			tx := &redisTx{ctx: ctx, read: w, space: space, write: true}
			if before == "" {
				if err := r.opts.Seed(space, tx); err != nil {
					return err
				}
			}
			if err := fn(tx); err != nil {
				// A read that another caller's commit tore apart may be the reason.
				if now, changed := r.version(ctx, w, version); changed == nil && now != before {
					return redis.TxFailedErr
				}
				return err
			}
			if before != "" && !tx.changed() {
				return nil
			}
			_, err = w.TxPipelined(ctx, func(p redis.Pipeliner) error {
				step := int64(1)
				if before == "" {
					// A space that was reset must not count through old versions.
					step += rand.Int64N(1 << 40)
				}
				p.IncrBy(ctx, version, step)
				return tx.commit(p, r.lifetime(space))
			})
			return err
		}, version)
		if !errors.Is(err, redis.TxFailedErr) {
			return err
		}
		if err := backOff(ctx, try); err != nil {
			return err
		}
	}
	return fmt.Errorf("the state of %s changed faster than it could be updated", space)
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

// lifetime is how long the keys of a space live without a change; 0 is for ever.
func (r *Redis) lifetime(space string) time.Duration {
	if r.opts.Keep(space) {
		return 0
	}
	return r.opts.Idle
}

// Reset deletes the keys of the space. The version goes with them, and a
// transaction that is under way notices.
func (r *Redis) Reset(ctx context.Context, space string) error {
	names, err := r.client.SMembers(ctx, redisKey(space, "names")).Result()
	if err != nil {
		return err
	}
	return r.client.Del(ctx, allKeys(space, names)...).Err()
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

// Restore puts an image in the place of the space.
func (r *Redis) Restore(ctx context.Context, space string, image *Image) error {
	if err := r.Reset(ctx, space); err != nil {
		return err
	}
	_, err := r.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.IncrBy(ctx, redisKey(space, "version"), 1+rand.Int64N(1<<40))
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
			p.HSet(ctx, redisKey(space, "counters"), name, n)
		}
		p.HSet(ctx, redisKey(space, "counters"), seqField, seq)
		return tx.commit(p, r.lifetime(space))
	})
	return err
}

// Spaces lists the spaces by their version keys.
func (r *Redis) Spaces(ctx context.Context) ([]string, error) {
	var names []string
	it := r.client.Scan(ctx, 0, "rw:{*}:version", 1000).Iterator()
	for it.Next(ctx) {
		name := strings.TrimSuffix(strings.TrimPrefix(it.Val(), "rw:{"), "}:version")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, it.Err()
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
