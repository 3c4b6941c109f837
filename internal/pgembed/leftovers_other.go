//go:build !linux

package pgembed

// clearLeftovers does nothing: without /proc, postgres itself is the better judge of what is left.
func (k *keeper) clearLeftovers() error { return nil }

// stopLeftovers does nothing, for the same reason.
func stopLeftovers(account, string) (bool, error) { return false, nil }
