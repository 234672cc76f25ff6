package journal

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// How long one question for news waits, and how long after one that failed.
const (
	newsWait  = 2 * time.Second
	newsPause = 300 * time.Millisecond
)

// follow makes sure that somebody asks for news, from now on, as long as there are
// readers.
func (s *shared) follow() error {
	s.following.Lock()
	defer s.following.Unlock()
	if s.following.on {
		return nil
	}
	from, err := s.newest()
	if err != nil {
		return fmt.Errorf("the journal: %w", err)
	}
	s.following.on = true
	go s.ask(from)
	return nil
}

// newest is the place in the stream behind which all is news.
func (s *shared) newest() (string, error) {
	reply, err := s.client.Do(context.Background(), "XREVRANGE", place+"news", "+", "-", "COUNT", 1)
	if err != nil {
		return "", err
	}
	if items, _ := reply.([]any); len(items) > 0 {
		if at, _ := itemOf(items[0]); at != "" {
			return at, nil
		}
	}
	return "0", nil
}

// ask tells the readers what comes, until there are none.
func (s *shared) ask(from string) {
	failed := false
	for {
		s.following.Lock()
		if !s.readers.any() {
			s.following.on = false
			s.following.Unlock()
			return
		}
		s.following.Unlock()
		reply, err := s.client.Do(context.Background(), "XREAD", "COUNT", 500, "BLOCK", newsWait.Milliseconds(), "STREAMS", place+"news", from)
		if err == nil && failed {
			// The server may have come back with less than it had.
			if now, err := s.newest(); err == nil && before(now, from) {
				from = "0"
			}
			s.readers.missed()
		}
		failed = err != nil && !errors.Is(err, redis.ErrNil)
		if failed {
			time.Sleep(newsPause)
			continue
		}
		from = s.tell(reply, from)
	}
}

// tell passes on what one answer says, and gives the place behind it.
func (s *shared) tell(reply any, from string) string {
	streams, _ := reply.([]any)
	for _, stream := range streams {
		parts, _ := stream.([]any)
		if len(parts) != 2 {
			continue
		}
		items, _ := parts[1].([]any)
		var ids []uint64
		flush := func() {
			found, err := s.fetch(ids)
			gone := false
			for _, e := range found {
				if e == nil {
					gone = true // it had to make room already
					continue
				}
				s.readers.tell(News{Entry: e})
			}
			if err != nil || gone {
				s.readers.missed()
			}
			ids = nil
		}
		for _, item := range items {
			at, fields := itemOf(item)
			from = at
			if id, err := strconv.ParseUint(fields["id"], 10, 64); err == nil {
				ids = append(ids, id)
				continue
			}
			flush()
			s.readers.tell(News{Cleared: fields["cleared"]})
		}
		flush()
	}
	return from
}

// itemOf takes an item of a stream apart.
func itemOf(item any) (at string, fields map[string]string) {
	parts, _ := item.([]any)
	if len(parts) != 2 {
		return "", nil
	}
	at, _ = parts[0].(string)
	return at, redis.Fields(parts[1])
}

// before tells whether one place in a stream comes before another: both are
// MILLISECONDS-NUMBER.
func before(a, b string) bool {
	var at, an, bt, bn uint64
	_, _ = fmt.Sscanf(a, "%d-%d", &at, &an)
	_, _ = fmt.Sscanf(b, "%d-%d", &bt, &bn)
	return at < bt || at == bt && an < bn
}
