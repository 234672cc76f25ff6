package main

import (
	"errors"
	"fmt"
)

// Exit codes, the same for every command.
const (
	exitFine         = 0   // fine
	exitDeviations   = 1   // deviations, breaking changes or lint findings
	exitUsage        = 2   // usage, configuration or contract error; nothing was run
	exitInconclusive = 3   // target unreachable, or nothing that counts was run
	exitInterrupted  = 130 // interrupted; the report of what ran is still written
)

// exitError carries an exit code up to Main. A nil err exits without a message.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// quietly exits with a code and no message: the output says it all.
func quietly(code int) error {
	if code == exitFine {
		return nil
	}
	return &exitError{code: code}
}

// failWith exits with a code and prints err.
func failWith(code int, err error) error { return &exitError{code: code, err: err} }

// usageError is exit 2 with a message.
func usageError(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// codeOf gives the exit code of a command's error: 2 where nothing else is said.
func codeOf(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &exit):
		return exit.code
	}
	return exitUsage
}
