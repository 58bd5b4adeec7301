-- Gives a claim back, unless the chat has more records than the caller knows;
-- gives 1 then, -1 where the claim is lost.
-- KEYS: claim, queue of the chat
-- ARGV: now, fence, records that the caller knows
local held = redis.call('HMGET', KEYS[1], 'f', 'u')
if held[1] ~= ARGV[2] or tonumber(ARGV[1]) >= tonumber(held[2]) then return -1 end
if redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[3]) then return 1 end
redis.call('DEL', KEYS[1])
return 0
