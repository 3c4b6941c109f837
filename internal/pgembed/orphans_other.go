//go:build !linux

package pgembed

import "syscall"

// dieWithParent does nothing where the kernel has no such signal: the next start finds what is left.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// removeLeftovers does nothing: without /proc, postgres itself is the better judge of what is left.
func (c *Cluster) removeLeftovers() error { return nil }

// stopOrphans does nothing, for the same reason.
func stopOrphans(account, string) (bool, error) { return false, nil }
