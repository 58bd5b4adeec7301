-- Deletes an item, where a fence is given only if it is still leased under it.
-- KEYS: item, order, persons
-- ARGV: id, fence or nothing
local item = redis.call('HMGET', KEYS[1], 'p', 'f')
if not item[1] or (ARGV[2] ~= '' and item[2] ~= ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], item[1] .. ARGV[1])
return 1
