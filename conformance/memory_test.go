package conformance

import "testing"

func TestGarbageFollowsWhatIsAlive(t *testing.T) {
	for _, c := range []struct {
		name string
		live uint64
		want int
	}{{"nothing yet", 0, 400}, {"small", 10 << 20, 400}, {"middle", 128 << 20, 50}, {"large", 4 << 30, 25}} {
		if got := garbage(c.live); got != c.want {
			t.Errorf("%s: got %d percent, want %d", c.name, got, c.want)
		}
	}
}
