-- Adds an item to the due-list or replaces the one with its id.
-- KEYS: item, order, persons
-- ARGV: id, person, due, sealed item, tries
local person = redis.call('HGET', KEYS[1], 'p')
if person then redis.call('ZREM', KEYS[3], person .. ARGV[1]) end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'p', ARGV[2], 'd', ARGV[3], 'v', ARGV[4], 't', ARGV[5], 'f', 0)
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[3], 0, ARGV[2] .. ARGV[1])
return 0
