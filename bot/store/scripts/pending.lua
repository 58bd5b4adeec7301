-- Gives records of a chat in their order, each as update, expiry, sealed record
-- and sealed step; gives nothing where the claim is lost.
-- KEYS: claim, queue of the chat
-- ARGV: now, fence, most records, how the keys of records begin
local held = redis.call('HMGET', KEYS[1], 'f', 'u')
if held[1] ~= ARGV[2] or tonumber(ARGV[1]) >= tonumber(held[2]) then return false end
local records = {}
for i, update in ipairs(redis.call('ZRANGE', KEYS[2], 0, ARGV[3] - 1)) do
  local record = redis.call('HMGET', ARGV[4] .. update, 'e', 'r', 't')
  records[i] = {update, record[1], record[2], record[3]}
end
return records
