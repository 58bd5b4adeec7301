-- Deletes records and gives a claim back, unless the chat has more other records
-- than the caller knows; gives 1 then, -1 where the claim is lost.
-- KEYS: claim, queue of the chat, waiting chats, records …
-- ARGV: now, fence, chat, other records that the caller knows, updates …
local held = redis.call('HMGET', KEYS[1], 'f', 'u')
if held[1] ~= ARGV[2] or tonumber(ARGV[1]) >= tonumber(held[2]) then return -1 end
for i = 4, #KEYS do
  redis.call('DEL', KEYS[i])
  redis.call('ZREM', KEYS[2], ARGV[i + 1])
end
local left = redis.call('ZCARD', KEYS[2])
if left == 0 and #KEYS > 3 then redis.call('HDEL', KEYS[3], ARGV[3]) end
if left > tonumber(ARGV[4]) then return 1 end
redis.call('DEL', KEYS[1])
return 0
