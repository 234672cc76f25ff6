package state

import (
	"errors"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// IsUnavailable tells whether an error says that the store cannot be used now, while
// nothing is wrong with what was asked: another moment may be better.
func IsUnavailable(err error) bool {
	var away *redis.Unavailable
	var disk *DiskError
	return errors.As(err, &away) || errors.As(err, &disk)
}

// DiskError is a file that cannot be written. What was acknowledged before is there.
type DiskError struct {
	Path string
	Err  error
}

func (e *DiskError) Error() string {
	return "the store file:" + e.Path + " cannot be written: " + e.Err.Error() + ". Make room on the disk or mend it; nothing that was acknowledged is lost"
}

func (e *DiskError) Unwrap() error { return e.Err }
