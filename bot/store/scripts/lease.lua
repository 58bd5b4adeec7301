-- Leases an item if it is due; gives nothing where another was quicker.
-- KEYS: item, order, numbers
-- ARGV: id, now, end of the lease
local order = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not order or tonumber(order) > tonumber(ARGV[2]) then return false end
local item = redis.call('HMGET', KEYS[1], 'p', 'd', 'v', 't', 'f')
if not item[1] then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return false
end
local tries = tonumber(item[4])
if item[5] ~= '0' then tries = tries + 1 end
local fence = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[1], 't', tries, 'f', fence)
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return {item[1], item[2], item[3], tries, fence}
