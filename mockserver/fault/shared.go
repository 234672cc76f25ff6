package fault

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// place is where shared faults are kept. Behind it come
//
//	last    the number of the newest
//	active  hash by number: the fault as JSON
//	counts  hash: NUMBER:calls, NUMBER:hits, NUMBER:used (milliseconds)
const place = "rw:{faults}:"

// callScript counts a call and gives the faults that fit, with their number of calls.
//
//go:embed shared_call.lua
var callScript string

// shared is the faults that several servers have in common.
type shared struct {
	opts   Options
	client *redis.Client
	call   *redis.Script
}

func newShared(opts Options, client *redis.Client) *shared {
	return &shared{opts, client, redis.NewScript(callScript)}
}

// noted is a fault as it is kept.
type noted struct {
	Active
	Expires bool `json:"expires,omitempty"`
}

func (s *shared) add(a Active) (Active, error) {
	ctx := context.Background()
	if a.ID == "" {
		reply, err := s.client.Do(ctx, "INCR", place+"last")
		if err != nil {
			return a, fmt.Errorf("the faults: %w", err)
		}
		number, _ := reply.(int64)
		a.ID = "f" + strconv.FormatInt(number, 10)
	}
	text, err := json.Marshal(noted{a, s.opts.expires(&a)})
	if err != nil {
		return a, err
	}
	if _, err = s.client.Do(ctx, "HSETNX", place+"active", a.ID, text); err != nil {
		return a, fmt.Errorf("the faults: %w", err)
	}
	return a, nil
}

func (s *shared) list() ([]Status, error) {
	// A call of nothing ends the faults of silent sessions.
	if _, err := s.call.Run(context.Background(), s.client, []string{place}, "", "", "", s.opts.Idle.Milliseconds()); err != nil {
		return nil, fmt.Errorf("the faults: %w", err)
	}
	var active, counts map[string]string
	err := s.client.With(context.Background(), func(c *redis.Conn) error {
		replies, err := c.All(context.Background(), [][]any{{"HGETALL", place + "active"}, {"HGETALL", place + "counts"}})
		if err == nil {
			active, counts = redis.Fields(replies[0]), redis.Fields(replies[1])
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the faults: %w", err)
	}
	list := make([]Status, 0, len(active))
	for id, text := range active {
		a, err := decode(text)
		if err != nil {
			return nil, err
		}
		list = append(list, a.status(number(counts[id+":calls"]), number(counts[id+":hits"])))
	}
	slices.SortFunc(list, func(a, b Status) int { return cmp.Compare(order(a.ID), order(b.ID)) })
	return list, nil
}

func number(text string) uint64 {
	n, _ := strconv.ParseUint(text, 10, 64)
	return n
}

// order puts faults of a file, "file:1", before those that came later, "f1".
func order(id string) uint64 {
	if of, is := strings.CutPrefix(id, "file:"); is {
		return number(of)
	}
	return 1<<32 + number(strings.TrimPrefix(id, "f"))
}

func decode(text string) (*Active, error) {
	var n noted
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		return nil, fmt.Errorf("a shared fault cannot be read: %w", err)
	}
	if err := n.ready(); err != nil {
		return nil, fmt.Errorf("a shared fault of another version: %w", err)
	}
	return &n.Active, nil
}

func (s *shared) remove(id string) (int, error) {
	ctx := context.Background()
	if id != "" {
		reply, err := s.client.Do(ctx, "HDEL", place+"active", id)
		if err != nil {
			return 0, fmt.Errorf("the faults: %w", err)
		}
		_, err = s.client.Do(ctx, "HDEL", place+"counts", id+":calls", id+":hits", id+":used")
		n, _ := reply.(int64)
		return int(n), err
	}
	var n int64
	err := s.client.With(ctx, func(c *redis.Conn) error {
		replies, err := c.All(ctx, [][]any{{"HLEN", place + "active"}, {"DEL", place + "active", place + "counts"}})
		if err == nil {
			n, _ = replies[0].(int64)
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("the faults: %w", err)
	}
	return int(n), err
}

func (s *shared) hit(c Call) ([]*Active, error) {
	reply, err := s.call.Run(context.Background(), s.client, []string{place}, c.Contract, c.Operation, c.Session, s.opts.Idle.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("the faults: %w", err)
	}
	fitting := redis.Texts(reply) // fault, number of the call, fault …
	type one struct {
		*Active
		calls uint64
	}
	var all []one
	for i := 0; i+1 < len(fitting); i += 2 {
		a, err := decode(fitting[i])
		if err != nil {
			return nil, err
		}
		all = append(all, one{a, number(fitting[i+1])})
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(order(a.ID), order(b.ID)) })
	var hitting []*Active
	for _, a := range all {
		if !a.hits(a.calls, s.opts.Chance) {
			continue
		}
		hitting = append(hitting, a.Active)
		if _, err := s.client.Do(context.Background(), "HINCRBY", place+"counts", a.ID+":hits", 1); err != nil {
			return nil, fmt.Errorf("the faults: %w", err)
		}
	}
	return hitting, nil
}
