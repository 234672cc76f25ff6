package mockserver

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/redis"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

// sharing is a store at which several servers have their state in common, and then
// also their journal, faults, call limits and coverage.
type sharing interface{ Client() *redis.Client }

// share opens what the servers at one store have in common, or makes it for this one
// alone.
func (s *Server) share(store state.Store) {
	s.tally = alone{s}
	common, is := store.(sharing)
	if s.opts.Previous == nil && !is {
		s.journal, s.faults = journal.New(s.opts.Journal), fault.NewSet(s.faultOptions())
	}
	if !is {
		return
	}
	client := common.Client()
	if s.opts.Previous == nil {
		s.journal, s.faults = journal.NewShared(s.opts.Journal, client), fault.NewShared(s.faultOptions(), client)
	}
	s.tally = sharedTally{client, s.opts.SessionIdle, isDefault}
	for _, m := range s.mounts {
		for i, l := range m.limiter.limits {
			l.calls = sharedCalls{client, redis.NewScript(takeScript), "rw:{limit/" + m.contract.Name + "/" + strconv.Itoa(i) + "/"}
		}
	}
}

func (s *Server) faultOptions() fault.Options {
	return fault.Options{Chance: s.random.chance, Clock: s.opts.Clock, Idle: s.opts.SessionIdle, Keep: isDefault}
}

func isDefault(session string) bool { return session == DefaultSession }

// takeScript uses up one call of a bucket, or gives the seconds to wait. The time is
// that of the Redis server, so that the clocks of the mocks need not agree.
const takeScript = `
local clock, rate = redis.call('TIME'), tonumber(ARGV[1])
local now, burst = clock[1] + clock[2] / 1000000, math.max(1, rate)
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1] or burst), tonumber(bucket[2] or now)
tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return string.format('%.6f', wait)`

// sharedCalls are the buckets of a limit that several servers have in common.
type sharedCalls struct {
	client *redis.Client
	script *redis.Script
	place  string
}

func (c sharedCalls) take(who string, rate float64, _ time.Time) (time.Duration, error) {
	text, err := redis.Text(c.script.Run(context.Background(), c.client, []string{c.place + who + "}"}, strconv.FormatFloat(rate, 'f', -1, 64)))
	if err != nil {
		return 0, fmt.Errorf("the call limits: %w", err)
	}
	seconds, err := strconv.ParseFloat(text, 64)
	return time.Duration(seconds * float64(time.Second)), err
}

// sharedTally counts for several servers, in a hash of all and one of each session.
type sharedTally struct {
	client *redis.Client
	idle   time.Duration
	keep   func(session string) bool
}

const tallyPlace = "rw:{seen}:"

// The parts of a field: none of them holds the separator.
const tallySeparator = "\x00"

func (t sharedTally) count(op *operation, e *journal.Entry) error {
	head := e.Contract + tallySeparator + op.spec.ID + tallySeparator
	own := tallyPlace + "of:" + e.Session
	commands := [][]any{{"HINCRBY", tallyPlace + "all", head, 1}}
	outcomesOf(e, func(o string) {
		commands = append(commands, []any{"HINCRBY", tallyPlace + "all", head + o, 1}, []any{"HINCRBY", own, head + o, 1})
	})
	if !t.keep(e.Session) {
		commands = append(commands, []any{"PEXPIRE", own, t.idle.Milliseconds()})
	}
	return t.client.With(context.Background(), func(c *redis.Conn) error {
		_, err := c.All(context.Background(), commands)
		return err
	})
}

func (t sharedTally) totals() (map[reached]uint64, error) { return t.read(tallyPlace + "all") }

func (t sharedTally) in(session string) (map[reached]uint64, error) {
	return t.read(tallyPlace + "of:" + session)
}

func (t sharedTally) read(key string) (map[reached]uint64, error) {
	reply, err := t.client.Do(context.Background(), "HGETALL", key)
	if err != nil {
		return nil, fmt.Errorf("the coverage: %w", err)
	}
	all := map[reached]uint64{}
	for field, count := range redis.Fields(reply) {
		if parts := strings.Split(field, tallySeparator); len(parts) == 3 {
			all[reached{parts[0], parts[1], parts[2]}], _ = strconv.ParseUint(count, 10, 64)
		}
	}
	return all, nil
}

func (t sharedTally) forget(contract, session string) error {
	own := tallyPlace + "of:" + session
	if contract == "" {
		_, err := t.client.Do(context.Background(), "DEL", own)
		return err
	}
	of, err := t.read(own)
	if err != nil {
		return err
	}
	command := []any{"HDEL", own}
	for r := range of {
		if r.contract == contract {
			command = append(command, strings.Join([]string{r.contract, r.operation, r.outcome}, tallySeparator))
		}
	}
	if len(command) > 2 {
		_, err = t.client.Do(context.Background(), command...)
	}
	return err
}
