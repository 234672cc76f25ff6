// Command roadworthy makes an API contract executable: it mocks the contract,
// judges implementations by it, and compares its versions.
package main

import "os"

func main() {
	os.Exit(Main(os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
