//go:build !linux

package pgembed

import "syscall"

// dieWithParent does nothing where the kernel has no such signal: the next start meets what is left.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
