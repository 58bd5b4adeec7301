-- Deletes records; gives -1 where the claim is lost.
-- KEYS: claim, queue of the chat, waiting chats, records …
-- ARGV: now, fence or nothing where no claim is needed, chat, updates …
if ARGV[2] ~= '' then
  local held = redis.call('HMGET', KEYS[1], 'f', 'u')
  if held[1] ~= ARGV[2] or tonumber(ARGV[1]) >= tonumber(held[2]) then return -1 end
end
for i = 4, #KEYS do
  redis.call('DEL', KEYS[i])
  redis.call('ZREM', KEYS[2], ARGV[i])
end
if redis.call('ZCARD', KEYS[2]) == 0 then redis.call('HDEL', KEYS[3], ARGV[3]) end
return 0
