-- Forgets the sessions of a shared journal that are silent for too long.
-- KEYS: the place. ARGV: milliseconds of silence.
local clock = redis.call('TIME')
local silent = clock[1] * 1000000 + clock[2] - tonumber(ARGV[1]) * 1000
for _, name in ipairs(redis.call('ZRANGEBYSCORE', at .. 'used', '-inf', silent)) do forget(name, evicted) end
return 0
