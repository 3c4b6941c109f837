package pgembed

import "syscall"

// dieWithParent has the kernel signal the child when we die, however we die.
func dieWithParent(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}
