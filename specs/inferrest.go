package specs

import "github.com/roadworthy-project/roadworthy/specs/payload"

func inferOutcomes(c *Contract, doc *document, all []*collection) {}

func (c *Contract) inferBehaviour(doc *document, col *collection) {}

func (c *Contract) bareExamples(doc *document) {}

func (c *Contract) judgeBareExamples() {}

func (c *Contract) seeds(doc *document, col *collection) []Seed { return nil }

var _ payload.Node
