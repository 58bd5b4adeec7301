//go:build unix

package media

import (
	"os/exec"
	"syscall"
)

// killAsGroup makes the end of the context kill the program and its children.
func killAsGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
