package specs_test

import (
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// A contract is judged by from many goroutines at once, the first use of each
// schema included. It says something under the race detector.
func TestConcurrentUse(t *testing.T) {
	for _, ref := range []string{"transeu", "otms", "testdata/bare/petstore.yaml"} {
		c := open(t, ref)
		var wg sync.WaitGroup
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for _, e := range c.Examples {
					judgeRequest(c, e)
				}
			}()
		}
		wg.Wait()
	}
}

func judgeRequest(c *specs.Contract, e *specs.Example) {
	op := c.Operation(e.Operation)
	if e.Request == nil || op == nil {
		return
	}
	c.Match(op.Method, c.BasePath+op.URL(e.Request.Path))
	for _, p := range op.Params {
		p.Judge([]string{p.Example})
	}
	if m := op.RequestBody.For(e.Request.MediaType); m != nil {
		m.Judge(e.Request.Body, "")
	}
}
