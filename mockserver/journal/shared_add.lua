-- Adds an entry to a shared journal and gives its number.
-- KEYS: the place. ARGV: session, entry, bodies, entries of a session, bytes of all, sessions, milliseconds of silence, 1 when the session never expires.
local session, entry, bodies = ARGV[1], ARGV[2], ARGV[3]
local most, bytes, sessions, idle = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2] -- microseconds

local function make_room(id)
	drop('entries', id)
	drop('bodies', id)
	evicted(id)
end

-- Sessions that are silent for too long, and those that are too many. "default" and
-- its like are marked by a time that never comes.
if ARGV[8] == '1' then
	redis.call('ZADD', at .. 'used', 9e15, session)
else
	redis.call('ZADD', at .. 'used', now, session)
end
for _ = 1, 20 do
	local oldest = redis.call('ZRANGE', at .. 'used', 0, 0, 'WITHSCORES')
	if #oldest == 0 or oldest[1] == session then break end
	if now - tonumber(oldest[2]) <= idle * 1000 and redis.call('ZCARD', at .. 'used') <= sessions then break end
	forget(oldest[1], evicted)
end

local id = redis.call('INCR', at .. 'last')
local text = session .. '\n' .. entry
redis.call('HSET', at .. 'entries', id, text)
redis.call('HINCRBY', at .. 'size', 'entries', #text)
if #bodies > 0 then
	redis.call('HSET', at .. 'bodies', id, bodies)
	redis.call('HINCRBY', at .. 'size', 'bodies', #bodies)
end
redis.call('RPUSH', at .. 'of:' .. session, id)
while redis.call('LLEN', at .. 'of:' .. session) > most do
	make_room(redis.call('LPOP', at .. 'of:' .. session))
end

-- The bytes of all. The oldest entry and the oldest body are found by going up from
-- numbers below which there is none.
local size = redis.call('HMGET', at .. 'size', 'entries', 'bodies', 'floor', 'whole')
local entries_bytes, bodies_bytes = tonumber(size[1] or 0), tonumber(size[2] or 0)
local floor, whole = tonumber(size[3] or 1), tonumber(size[4] or 1)
local steps = 0
while floor < id and redis.call('HEXISTS', at .. 'entries', floor) == 0 and steps < 16 do
	floor = floor + 1
	steps = steps + 1
end
steps = 0
while whole < id and redis.call('HEXISTS', at .. 'bodies', whole) == 0 and steps < 16 do
	whole = whole + 1
	steps = steps + 1
end
steps = 0
while entries_bytes + bodies_bytes > bytes and steps < 10000 do
	steps = steps + 1
	if bodies_bytes > bytes / 2 and whole < id then
		bodies_bytes = bodies_bytes - redis.call('HSTRLEN', at .. 'bodies', whole)
		drop('bodies', whole)
		whole = whole + 1
	elseif floor < id then
		local old = redis.call('HGET', at .. 'entries', floor)
		if old then
			entries_bytes = entries_bytes - #old
			bodies_bytes = bodies_bytes - redis.call('HSTRLEN', at .. 'bodies', floor)
			redis.call('LREM', at .. 'of:' .. string.sub(old, 1, string.find(old, '\n', 1, true) - 1), 1, floor)
			make_room(floor)
		end
		floor = floor + 1
	else
		break
	end
end
redis.call('HSET', at .. 'size', 'floor', floor, 'whole', whole)

redis.call('XADD', at .. 'news', 'MAXLEN', '~', 2000, '*', 'id', id)
return id
