-- Forgets the entries of a session, or of all when its name is empty.
-- KEYS: the place. ARGV: session.
local session = ARGV[1]
if session == '' then
	for _, name in ipairs(redis.call('ZRANGE', at .. 'used', 0, -1)) do forget(name) end
else
	forget(session)
end
redis.call('XADD', at .. 'news', 'MAXLEN', '~', 2000, '*', 'cleared', session)
return 0
