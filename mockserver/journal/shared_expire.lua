-- Forgets the sessions of a shared journal that are silent for too long.
-- KEYS: the place. ARGV: milliseconds of silence.
local at = KEYS[1]
local clock = redis.call('TIME')
local silent = clock[1] * 1000000 + clock[2] - tonumber(ARGV[1]) * 1000
local function drop(part, id)
	local n = redis.call('HSTRLEN', at .. part, id)
	if n > 0 then
		redis.call('HDEL', at .. part, id)
		redis.call('HINCRBY', at .. 'size', part, -n)
	end
end
local newest = tonumber(redis.call('HGET', at .. 'size', 'evicted') or 0)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', at .. 'used', '-inf', silent)) do
	for _, id in ipairs(redis.call('LRANGE', at .. 'of:' .. name, 0, -1)) do
		drop('entries', id)
		drop('bodies', id)
		newest = math.max(newest, tonumber(id))
	end
	redis.call('DEL', at .. 'of:' .. name)
	redis.call('ZREM', at .. 'used', name)
end
redis.call('HSET', at .. 'size', 'evicted', newest)
return 0
