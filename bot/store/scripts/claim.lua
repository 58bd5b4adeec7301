-- Takes or renews a claim; gives its fence, 0 where another owner holds it.
-- The key's own time to live ends it too, whatever the clocks of processes say.
-- KEYS: claim, numbers
-- ARGV: now, owner, time to live
local held = redis.call('HMGET', KEYS[1], 'o', 'f', 'u')
local fence
if held[1] and tonumber(ARGV[1]) < tonumber(held[3]) then
  if held[1] ~= ARGV[2] then return 0 end
  fence = tonumber(held[2])
else
  fence = redis.call('INCR', KEYS[2])
end
redis.call('HSET', KEYS[1], 'o', ARGV[2], 'f', fence, 'u', string.format('%.0f', ARGV[1] + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return fence
