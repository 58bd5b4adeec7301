-- Ends a lease: the item is due later. It gets a fence that nobody holds.
-- KEYS: item, order, numbers
-- ARGV: id, fence, due
if redis.call('HGET', KEYS[1], 'f') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'd', ARGV[3], 'f', redis.call('INCR', KEYS[3]))
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
