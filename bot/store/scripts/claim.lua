-- Takes or renews a claim; gives its fence and records of the chat as pending
-- does, nothing where another owner holds it.
-- The key's own time to live ends it too, whatever the clocks of processes say.
-- KEYS: claim, numbers, queue of the chat
-- ARGV: now, owner, time to live, most records, how the keys of records begin
local held = redis.call('HMGET', KEYS[1], 'o', 'f', 'u')
local fence
if held[1] and tonumber(ARGV[1]) < tonumber(held[3]) then
  if held[1] ~= ARGV[2] then return false end
  fence = tonumber(held[2])
else
  fence = redis.call('INCR', KEYS[2])
end
redis.call('HSET', KEYS[1], 'o', ARGV[2], 'f', fence, 'u', string.format('%.0f', ARGV[1] + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local taken = {fence}
if ARGV[4] == '0' then return taken end
for i, update in ipairs(redis.call('ZRANGE', KEYS[3], 0, ARGV[4] - 1)) do
  local record = redis.call('HMGET', ARGV[5] .. update, 'e', 'r', 't')
  taken[i + 1] = {update, record[1], record[2], record[3]}
end
return taken
