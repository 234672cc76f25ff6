//go:build !linux

package mockserver

// releaseProgram is known on Linux only.
func releaseProgram() {}
