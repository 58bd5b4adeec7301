//go:build !linux

package store

import "go.etcd.io/bbolt"

// giveBack does something on Linux only.
func giveBack(*bbolt.Tx) {}
