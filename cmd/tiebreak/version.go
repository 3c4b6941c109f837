package main

import (
	"fmt"
	"runtime/debug"
)

// released is set by the build; a plain "go build" leaves it to what Go knows of the module.
var released string

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	_, err := fmt.Println("tiebreak", version())
	return err
}

func version() string {
	if released != "" {
		return released
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unreleased"
}
