//go:build !unix

package main

import "io"

// columns is the width of the terminal behind w; 0 when it does not say.
func columns(io.Writer) int { return 0 }
