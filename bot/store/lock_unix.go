//go:build unix

package store

import (
	"os"
	"syscall"
	"time"

	bolterrors "go.etcd.io/bbolt/errors"
)

// lockFile takes the lock that bbolt takes on its file. It goes with the file.
func lockFile(file *os.File) error {
	for waited := time.Duration(0); ; waited += lockPause {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != syscall.EWOULDBLOCK {
			return err
		}
		if waited >= lockTime {
			return bolterrors.ErrTimeout
		}
		time.Sleep(lockPause)
	}
}

func unlockFile(file *os.File) { _ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) }
