-- Adds to a number that lies behind its expiry like any record; gives the sum.
-- KEYS: record
-- ARGV: what is added, now and the time to live in milliseconds
local n, now, ttl = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local old = redis.call('GET', KEYS[1])
if old and #old == 16 then
  local expires, sum = struct.unpack('>I8i8', old)
  if expires > now then n = n + sum end
end
redis.call('SET', KEYS[1], struct.pack('>I8i8', now + ttl, n), 'PX', ttl)
return n
