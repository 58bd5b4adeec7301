-- Gives the store's own facts; where there are none it takes those given.
-- KEYS: facts
-- ARGV: names and values …
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('HSET', KEYS[1], unpack(ARGV)) end
return redis.call('HGETALL', KEYS[1])
