-- What the scripts of a shared journal have in common; it stands before each of them.
-- KEYS: the place.
local at = KEYS[1]

local function drop(part, id)
	local n = redis.call('HSTRLEN', at .. part, id)
	if n > 0 then
		redis.call('HDEL', at .. part, id)
		redis.call('HINCRBY', at .. 'size', part, -n)
	end
end

-- Notes the number of an entry that had to make room.
local function evicted(id)
	local newest = tonumber(redis.call('HGET', at .. 'size', 'evicted') or 0)
	if tonumber(id) > newest then redis.call('HSET', at .. 'size', 'evicted', id) end
end

-- Forgets a session, and calls gone, if it is given, for the number of each entry.
local function forget(name, gone)
	for _, id in ipairs(redis.call('LRANGE', at .. 'of:' .. name, 0, -1)) do
		drop('entries', id)
		drop('bodies', id)
		if gone then gone(id) end
	end
	redis.call('DEL', at .. 'of:' .. name)
	redis.call('ZREM', at .. 'used', name)
end

