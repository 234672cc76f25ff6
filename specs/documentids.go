package specs

import (
	"io/fs"
	"net/url"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// identifiers are the names that schemas give themselves: $id, and $anchor inside of
// one (JSON Schema 2020-12, 8.2). References by them become such by place, so that
// everything else knows one kind of reference only.
type identifiers struct {
	byURI    map[string]*payload.Node
	byAnchor map[string]*payload.Node // by URI, "#" and anchor
	bases    map[*payload.Node]*url.URL
	waiting  []waitingRef
}

// waitingRef is a reference to a URI that a file may still give a meaning to.
type waitingRef struct {
	ref                  *payload.Node
	file, name, fragment string
}

// fileURI is what the names in a file are relative to.
func fileURI(file string) *url.URL { return &url.URL{Path: "/" + file} }

// noteIDs takes down the identifiers of a file. OpenAPI 3.0 has none.
func (d *document) noteIDs(root *payload.Node, file string) {
	if d.v30 {
		return
	}
	d.eachObject(root, func(o *payload.Node) {
		base := d.baseOf(o, file)
		if id := text(o, "$id"); id != "" {
			uri, fragment, _ := strings.Cut(id, "#")
			own, err := base.Parse(uri)
			switch {
			case err != nil:
				d.notes.at(d, o.Member("$id"), "", "$id %q is not a URI reference and is not heeded", id)
			case uri != "":
				base = own
				d.name(&d.ids.byURI, own.String(), o, "$id")
				if d.ids.bases == nil {
					d.ids.bases = map[*payload.Node]*url.URL{}
				}
				d.ids.bases[o] = own
			}
			if fragment != "" {
				d.name(&d.ids.byAnchor, base.String()+"#"+fragment, o, "$id")
			}
		}
		for _, keyword := range []string{"$anchor", "$dynamicAnchor"} {
			if anchor := text(o, keyword); anchor != "" {
				d.name(&d.ids.byAnchor, base.String()+"#"+anchor, o, keyword)
			}
		}
	})
}

// name gives a node a name; the first that has it keeps it.
func (d *document) name(names *map[string]*payload.Node, uri string, n *payload.Node, keyword string) {
	first := (*names)[uri]
	if first != nil && first != n {
		file, line, _ := d.place(first)
		d.notes.at(d, n.Member(keyword), "references by it mean the first", "%s %q is used twice, first in %s line %d", keyword, n.Member(keyword).Value, file, line)
		return
	}
	if *names == nil {
		*names = map[string]*payload.Node{}
	}
	(*names)[uri] = n
}

// baseOf is the URI that references at a node are relative to.
func (d *document) baseOf(n *payload.Node, file string) *url.URL {
	if resource := d.resourceOf(n); resource != nil {
		return d.ids.bases[resource]
	}
	return fileURI(file)
}

// resourceOf is the nearest schema around a node that has a $id; nil without one.
func (d *document) resourceOf(n *payload.Node) *payload.Node {
	if len(d.ids.bases) == 0 {
		return nil
	}
	for ; n != nil; n = n.Parent() {
		if d.ids.bases[n] != nil {
			return n
		}
	}
	return nil
}

// meansIDs tells a reference that is relative to a $id and not to a file.
func (d *document) meansIDs(ref *payload.Node) bool { return d.resourceOf(ref) != nil }

func (d *document) has(name string) bool {
	_, err := fs.Stat(d.fsys, name)
	return err == nil
}

// identified gives the place that a reference means by the identifiers known so far;
// "" where it means none.
func (d *document) identified(ref *payload.Node, file, name, fragment string) string {
	if len(d.ids.byURI)+len(d.ids.byAnchor) == 0 {
		return ""
	}
	uri, err := d.baseOf(ref, file).Parse(name)
	if err != nil {
		return ""
	}
	if fragment != "" && fragment[0] != '/' {
		if n := d.ids.byAnchor[uri.String()+"#"+fragment]; n != nil {
			return d.pointer(n)
		}
		return ""
	}
	n := d.ids.byURI[uri.String()]
	if n == nil {
		return ""
	}
	if name == "" && fragment != "" && (&payload.Tree{Format: payload.JSON, Root: n}).At(fragment) == nil && d.files[file] != nil &&
		(&payload.Tree{Format: payload.JSON, Root: d.files[file]}).At(fragment) != nil {
		d.notes.at(d, ref, "write the name of the file before the #", "by the $id around it, %s leads to nothing; it is read from the beginning of the file", ref.Value)
		return ""
	}
	return d.pointer(n) + fragment
}

// later puts a reference off until every file is read.
func (d *document) later(ref *payload.Node, file, name, fragment string) {
	d.ids.waiting = append(d.ids.waiting, waitingRef{ref, file, name, fragment})
}

// settle follows the references that were put off, and tells those that mean nothing.
func (d *document) settle() {
	for _, w := range d.ids.waiting {
		if to := d.identified(w.ref, w.file, w.name, w.fragment); to != "" {
			w.ref.Value = to
			continue
		}
		if d.meansIDs(w.ref) && !strings.Contains(w.name, "://") {
			meant := w.ref.Value
			if uri, err := d.baseOf(w.ref, w.file).Parse(w.name); err == nil {
				meant = uri.String()
			}
			d.ps.at(d, w.ref, "save it beside the document", "refers to %s, by the $id around it: no schema has that $id, there is no file %s, and nothing is ever fetched from the network", meant, w.name)
			continue
		}
		d.ps.at(d, w.ref, "save it beside the document and refer to the file", "refers to %s, and nothing is ever fetched from the network", w.ref.Value)
	}
	d.ids.waiting = nil
}
