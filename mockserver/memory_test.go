package mockserver

import "testing"

func TestGCPercent(t *testing.T) {
	tests := []struct {
		name   string
		live   uint64
		want   int
		reason string
	}{
		{"nothing", 0, 400, "before the first collection"},
		{"small", 20 << 20, 400, "speed costs at most 80 MB here"},
		{"middle", 128 << 20, 200, "256 MB of garbage at most"},
		{"a million entities", 2 << 30, 60, "a large state must not double"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gcPercent(tt.live); got != tt.want {
				t.Errorf("%s: expected %d, found %d", tt.reason, tt.want, got)
			}
		})
	}
}
