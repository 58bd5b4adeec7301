package store

import (
	"syscall"

	"go.etcd.io/bbolt"
)

// giveBack takes the pages of the file, as far as the transaction sees it, out
// of the program's memory. They stay in the cache of the system, from where the
// next look takes them.
func giveBack(t *bbolt.Tx) {
	// A system that does not do so keeps the pages, which is no harm.
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, t.DB().Info().Data, uintptr(t.Size()), syscall.MADV_DONTNEED)
}
