//go:build !unix

package store

import "os"

// lockFile and unlockFile do something on Unix only: elsewhere bbolt alone locks the file.
func lockFile(*os.File) error { return nil }

func unlockFile(*os.File) {}
