-- The generic cell rate algorithm; gives how long to wait, in microseconds.
-- KEYS: limit
-- ARGV: now, window and step in microseconds
local now, window, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local till = tonumber(redis.call('GET', KEYS[1]) or 0)
-- Never further ahead than one window: more means that the clock was set back.
till = math.min(math.max(till, now), now + window)
local wait = till + step - now - window
if wait > 0 then return wait end
till = till + step
redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', math.ceil((till - now) / 1000) + 1)
return 0
