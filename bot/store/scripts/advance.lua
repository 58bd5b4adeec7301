-- Records steps; gives -1 where the claim is lost.
-- KEYS: claim, records …
-- ARGV: now, fence, sealed steps …
local held = redis.call('HMGET', KEYS[1], 'f', 'u')
if held[1] ~= ARGV[2] or tonumber(ARGV[1]) >= tonumber(held[2]) then return -1 end
for i = 2, #KEYS do
  local expiry = redis.call('HGET', KEYS[i], 'e')
  if expiry and tonumber(expiry) > tonumber(ARGV[1]) then
    redis.call('HSET', KEYS[i], 't', ARGV[i + 1])
  end
end
return 0
