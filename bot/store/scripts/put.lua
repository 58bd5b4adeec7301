-- Takes an update into the inbox unless it was seen.
-- KEYS: seen mark, record, queue of the chat, waiting chats, numbers
-- ARGV: now, expiry and time to live of the record, of the mark, chat, update,
--       sealed record, sealed name, name of this attempt, sealed step or nothing
local seen = redis.call('GET', KEYS[1])
if seen and tonumber(seen) > tonumber(ARGV[1]) then
  -- The same attempt again, whose answer was lost on the way.
  if redis.call('HGET', KEYS[2], 'p') == ARGV[10] then return 1 end
  return 0
end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'e', ARGV[2], 'r', ARGV[8], 'p', ARGV[10])
if ARGV[11] ~= '' then redis.call('HSET', KEYS[2], 't', ARGV[11]) end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[5]), ARGV[7])
redis.call('HSET', KEYS[4], ARGV[6], ARGV[9])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('PEXPIRE', KEYS[4], ARGV[3])
return 1
