package store

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const secretName = "secret"

// secretBeside reads the secret that lies beside the embedded store, or has none
// where neither is there yet.
func secretBeside(dir string) (string, error) {
	path := filepath.Join(dir, secretName)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if Exists(dir) {
			return "", fmt.Errorf("%w: %s is there but its secret is not: set ALDANBA_SECRET, or put the file %q back", ErrSecret, fileName, secretName)
		}
		return "", nil
	}
	if err != nil {
		return "", boltFault(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%w: the file %q may be read by others: its mode must be 0600", ErrSecret, secretName)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", boltFault(err)
	}
	secret := string(bytes.TrimSpace(text))
	return secret, checkSecret("the file "+secretName, secret)
}

// Exists tells whether an embedded store lies in a directory.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, fileName))
	return err == nil
}

// makeSecret makes the secret of a new store.
func makeSecret(dir string) (string, error) {
	path := filepath.Join(dir, secretName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", boltFault(err)
	}
	random := make([]byte, minSecret)
	rand.Read(random)
	secret := hex.EncodeToString(random)
	// It is on the disk under its name before anything is locked with it.
	f, err := os.CreateTemp(dir, secretName+"-")
	if err != nil {
		return "", boltFault(err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(secret + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return "", boltFault(err)
	}
	// A link fails where another process was quicker.
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return secretBeside(dir)
	} else if err != nil {
		return "", boltFault(err)
	}
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
	return secret, nil
}
