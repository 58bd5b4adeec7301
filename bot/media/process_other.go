//go:build !unix

package media

import "os/exec"

// killAsGroup leaves the program as it is: only it is killed, not its children.
func killAsGroup(*exec.Cmd) {}
