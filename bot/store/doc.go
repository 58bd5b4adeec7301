// Package store is what the bot remembers: sessions, the inbox, the due-list,
// limits, counts, verdicts, what the judge said and cost, and who leads.
//
// # Engines
//
// There is one [Store] over one of three engines, which behave alike:
//
//   - embedded: one file, aldanba.db, in Config.Dir, for one process. What was
//     answered to is on the disk and survives kill -9 and a power cut.
//   - Redis: for several processes, see Config.RedisURL. What survives there is
//     what its own persistence keeps; appendonly yes and maxmemory-policy noeviction are advised.
//   - memory: bounded, forgets when the program ends. It stands in while
//     another engine fails, so that answers go on.
//
// # Privacy
//
// Engines see no name and no value: names of persons, chats and updates are
// keyed digests, values are sealed with AES-256-GCM, bound to their place.
// Neither a chat's id nor a word is readable in the file or in Redis. Every
// kind of record has an owner, a time to live and an eraser; see kinds.
//
// # The secret
//
// Digests and seals are keyed by a random data key, which lies in the store
// locked with the secret (ALDANBA_SECRET, at least 32 bytes, Config.Secret).
// The embedded store makes a secret on its first run, in the file "secret"
// beside its own, readable by its owner alone; with Redis it must be given. A
// store whose secret is missing or another is not opened.
//
// To change the secret, start once with the new one as Config.Secret and the
// one before as Config.OldSecret: the data key is locked anew, after which the
// old secret opens nothing. Where both an old secret and a copy of the store
// have leaked, a new secret does not help: begin with an empty store.
package store
