-- Counts a call for every shared fault that fits it, and gives those faults with the number of the call.
-- Ends the faults of sessions that are silent for too long. Without a contract that is all.
-- KEYS: the place. ARGV: contract, operation, session, milliseconds of silence.
local at = KEYS[1]
local all = redis.call('HGETALL', at .. 'active')
if #all == 0 then return {} end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local fitting = {}
local function fits(wanted, value) return wanted == nil or wanted == '' or wanted == value end
for i = 1, #all, 2 do
	local id, fault = all[i], cjson.decode(all[i + 1])
	if ARGV[1] ~= '' and fits(fault.contract, ARGV[1]) and fits(fault.operation, ARGV[2]) and fits(fault.session, ARGV[3]) then
		if fault.expires then redis.call('HSET', at .. 'counts', id .. ':used', now) end
		fitting[#fitting + 1] = all[i + 1]
		fitting[#fitting + 1] = tostring(redis.call('HINCRBY', at .. 'counts', id .. ':calls', 1))
	elseif fault.expires then
		-- The session of a fault that nobody ever called begins to be silent now.
		if redis.call('HSETNX', at .. 'counts', id .. ':used', now) == 0 and
			now - tonumber(redis.call('HGET', at .. 'counts', id .. ':used')) > tonumber(ARGV[4]) then
			redis.call('HDEL', at .. 'active', id)
			redis.call('HDEL', at .. 'counts', id .. ':calls', id .. ':hits', id .. ':used')
		end
	end
end
return fitting
