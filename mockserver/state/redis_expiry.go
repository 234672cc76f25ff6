package state

import (
	"context"
	"errors"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// usedSpaces is a sorted set of the spaces that expire, by their last use.
const usedSpaces = "rw:{spaces}:used"

// The scripts know the place of a space, rw:{space}:, and find its keys by its names.
const (
	resetScript = `
local keys = {KEYS[1] .. 'version', KEYS[1] .. 'counters', KEYS[1] .. 'names'}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1] .. 'names')) do
	keys[#keys + 1] = KEYS[1] .. 'doc:' .. name
	keys[#keys + 1] = KEYS[1] .. 'index:' .. name
end
for _, key in ipairs(keys) do redis.call('DEL', key) end
return 0`
	// A space that is in use lives on; those that are too many are given back by name.
	touchScript = `
local at, name, lifetime, most = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local keys = {at .. 'version', at .. 'counters', at .. 'names'}
for _, n in ipairs(redis.call('SMEMBERS', at .. 'names')) do
	keys[#keys + 1] = at .. 'doc:' .. n
	keys[#keys + 1] = at .. 'index:' .. n
end
for _, key in ipairs(keys) do redis.call('PEXPIRE', key, lifetime) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - lifetime)
redis.call('ZADD', KEYS[2], now, name)
local many = {}
while redis.call('ZCARD', KEYS[2]) > most do
	local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
	redis.call('ZREM', KEYS[2], oldest)
	many[#many + 1] = oldest
end
return many`
)

// lifetime is how long the keys of a space live without a change; 0 is for ever.
func (r *Redis) lifetime(space string) time.Duration {
	if r.opts.Keep(space) {
		return 0
	}
	return r.opts.Idle
}

// marks is how often a space that is in use says so, in the time that it would live
// without.
const marks = 8

// inUse lets the space live on, which only has to be said now and then. One that is new
// makes those make room that were not used for the longest time.
func (r *Redis) inUse(ctx context.Context, space string, isNew bool) error {
	lifetime := r.lifetime(space)
	if lifetime == 0 {
		return nil
	}
	now := time.Now()
	r.mu.Lock()
	due := isNew || now.Sub(r.used[space]) > lifetime/marks
	if due {
		if len(r.used) > 2*r.opts.MaxSpaces {
			clear(r.used)
		}
		r.used[space] = now
	}
	r.mu.Unlock()
	if !due {
		return nil
	}
	many, err := r.touch.Run(ctx, r.client, []string{redisKey(space, ""), usedSpaces}, space, lifetime.Milliseconds(), r.opts.MaxSpaces)
	for _, name := range redis.Texts(many) {
		err = errors.Join(err, r.Reset(ctx, name))
	}
	return err
}

// Reset deletes the keys of the space, at once. The version goes with them, and a
// transaction that is under way notices.
func (r *Redis) Reset(ctx context.Context, space string) error {
	_, err := r.reset.Run(ctx, r.client, []string{redisKey(space, "")})
	return err
}
