package engine

import (
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
)

// codePath is the field that should have carried one of the outcomes; of an item when
// item is not 0.
func codePath(op *specs.Operation, refs []string, item int) string {
	if op.Contract() == nil || len(refs) == 0 {
		return ""
	}
	layers := op.Contract().Layers
	if !strings.HasPrefix(refs[0], string(specs.LayerItem)+":") {
		return layers.Global.For(op.ID).At
	}
	place := layers.Item.For(op.ID)
	items := place.Items
	if items == "" {
		items = place.At[:max(0, strings.LastIndexByte(place.At, '/'))]
	}
	switch rest, inside := strings.CutPrefix(place.At, items); {
	case item == 0 || !inside:
		return place.At
	case strings.HasSuffix(items, "/*"):
		return fmt.Sprintf("%s/%d%s", strings.TrimSuffix(items, "/*"), item-1, rest)
	default:
		return fmt.Sprintf("%s[%d]%s", items, item, rest)
	}
}
