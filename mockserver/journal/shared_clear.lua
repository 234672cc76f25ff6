-- Forgets the entries of a session, or of all when its name is empty.
-- KEYS: the place. ARGV: session.
local at, session = KEYS[1], ARGV[1]
local function drop(part, id)
	local n = redis.call('HSTRLEN', at .. part, id)
	if n > 0 then
		redis.call('HDEL', at .. part, id)
		redis.call('HINCRBY', at .. 'size', part, -n)
	end
end
local function forget(name)
	for _, id in ipairs(redis.call('LRANGE', at .. 'of:' .. name, 0, -1)) do
		drop('entries', id)
		drop('bodies', id)
	end
	redis.call('DEL', at .. 'of:' .. name)
	redis.call('ZREM', at .. 'used', name)
end
if session == '' then
	for _, name in ipairs(redis.call('ZRANGE', at .. 'used', 0, -1)) do forget(name) end
else
	forget(session)
end
redis.call('XADD', at .. 'news', 'MAXLEN', '~', 2000, '*', 'cleared', session)
return 0
