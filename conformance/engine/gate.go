package engine

import (
	"slices"
	"sync"

	"github.com/roadworthy-project/roadworthy/scenarios"
)

// gate lets scenarios run side by side, except those that change how the server
// answers the next caller, whoever that is: they run alone.
type gate struct{ mu sync.RWMutex }

func (g *gate) enter(sc *scenarios.Scenario) (leave func()) {
	alone := slices.ContainsFunc(sc.Given, func(given scenarios.Given) bool { return given.State == "internal-error" })
	if alone {
		g.mu.Lock()
		return g.mu.Unlock
	}
	g.mu.RLock()
	return g.mu.RUnlock
}
